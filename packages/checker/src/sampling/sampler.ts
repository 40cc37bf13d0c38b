// SPDX-License-Identifier: GPL-2.0-only
import type { Task } from '@libmultipath/kernel';

/** Decides one schedule by chance. Made anew for each. */
export interface Sampler {
  /** One of the tasks that can go on; there is at least one. */
  pick(enabled: readonly Task[], all: readonly Task[]): Task | undefined;
}

/**
 * `walk`: each task that can go on is as likely as another; `pct`: priorities with d - 1
 * change points; `pos`: partial order sampling.
 */
export type SampleMethod = 'walk' | 'pct' | 'pos';

/** A priority: high enough a limit that two are hardly ever equal. */
export const PRIORITIES = 0x4000_0000;
