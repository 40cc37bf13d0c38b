// SPDX-License-Identifier: GPL-2.0-only
import { current, currentMachine } from '../current.js';
import { makeStep } from '../kfn.js';
import type { Steps } from '../step.js';

/** One place that allocates, as a program names it. */
export interface AllocationSite {
  /** The allocating primitive, e.g. `kzalloc`, `alloc_workqueue`, `init_srcu_struct`. */
  readonly call: string;
  /** What is allocated, e.g. `mpath_head`; `` where the caller does not say. */
  readonly kind: string;
  /** Innermost kernel function that calls, e.g. `mpath_alloc_head`. */
  readonly fn: string;
}

/** `all`, or the places that any one entry describes: each field that it has must match. `[]` is none. */
export type Failable = 'all' | readonly Partial<AllocationSite>[];

/** What a caller that can deal with a failure says of its allocation. */
export interface Fallible {
  /**
   * `true`: it may fail, unless the machine's `failable` says otherwise; `declared`: it may fail
   * only where `failable` says so; absent or false: it never fails.
   */
  readonly mayFail?: boolean | 'declared';
}

const listed = (failable: Failable, site: AllocationSite): boolean =>
  failable === 'all' ||
  failable.some(
    ({ call, kind, fn }) =>
      (call === undefined || call === site.call) &&
      (kind === undefined || kind === site.kind) &&
      (fn === undefined || fn === site.fn),
  );

/**
 * Asks the environment whether the allocation fails: one step with two branches where it may, no
 * step where it may not. For every primitive that allocates.
 *
 * @example
 * if (yield* refused('cdev_alloc', 'cdev', options)) return -E.ENOMEM;
 */
export function* refused(call: string, kind: string, options: Fallible): Steps<boolean> {
  if (options.mayFail === undefined || options.mayFail === false) return false;
  const { failable, clock } = currentMachine();
  const task = current();
  const site = { call, kind, fn: task.frame?.fn ?? task.name };
  if (failable === undefined ? options.mayFail !== true : !listed(failable, site)) return false;
  const step = makeStep(call, clock, 'memory', 'read', { branches: 2 });
  yield step;
  step.value = step.branch === 1 ? 'refused' : 'given';
  return step.branch === 1;
}
