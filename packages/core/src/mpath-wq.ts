// SPDX-License-Identifier: GPL-2.0-only
import { alloc_workqueue, currentMachine, workqueue_struct } from '@libmultipath/kernel';

const NAME = 'mpath-wq';

/**
 * The library's one workqueue (unbound, memory reclaim), a global of the machine:
 * `partition_scan_work` and `remove_work` run on it. No step.
 */
export const mpath_wq = (): workqueue_struct => {
  const { globals } = currentMachine();
  const known = globals.get(NAME);
  if (known instanceof workqueue_struct) return known;
  const wq = alloc_workqueue(NAME);
  globals.set(NAME, wq);
  return wq;
};

/**
 * Makes the library's workqueue. The library is built in, so nothing undoes it. Call it where a
 * program makes its machine: what exists from boot has the same number in every schedule.
 * Kernel: `mpath_init()`, v3 patch 01.
 */
export const mpath_init = (): void => {
  mpath_wq();
};
