// SPDX-License-Identifier: GPL-2.0-only
import { currentMachine } from '../current.js';
import { makeStep } from '../kfn.js';
import { HZ } from '../machine.js';
import type { Steps } from '../step.js';

/** Kernel: msecs_to_jiffies(): rounds up. Pure. */
export const msecs_to_jiffies = (ms: number): number => Math.ceil((ms * HZ) / 1000);

/** Kernel: jiffies_to_msecs(). Pure. */
export const jiffies_to_msecs = (ticks: number): number => (ticks * 1000) / HZ;

/** The kernel's variable `jiffies`: ticks since boot. */
export function* jiffies(): Steps<number> {
  const { clock } = currentMachine();
  const step = makeStep('jiffies', clock, 'jiffies', 'read', { ordering: 'once' });
  yield step;
  step.value = clock.jiffies;
  return clock.jiffies;
}
