// SPDX-License-Identifier: GPL-2.0-only
import {
  alloc_workqueue,
  currentMachine,
  workqueue_struct,
  WQ_MEM_RECLAIM,
  WQ_SYSFS,
  WQ_UNBOUND,
} from '@libmultipath/kernel';

const NAME = 'mpath-wq';

/**
 * The library's one workqueue (unbound, memory reclaim), a global of the machine:
 * `partition_scan_work` and `remove_work` run on it. No step.
 */
export const mpath_wq = (): workqueue_struct => {
  const { globals } = currentMachine();
  const known = globals.get(NAME);
  if (known instanceof workqueue_struct) return known;
  const wq = alloc_workqueue(NAME, { flags: WQ_UNBOUND | WQ_MEM_RECLAIM | WQ_SYSFS });
  globals.set(NAME, wq);
  return wq;
};

/**
 * Makes the library's workqueue. The library is built in, so nothing undoes it. Call it where a
 * program makes its machine: what exists from boot has the same number in every schedule.
 * Kernel: `mpath_init()`, patch 01 of v1 to v3.
 * Mainline: `nvme_core_init()`, which makes the workqueues.
 */
export const mpath_init = (): void => {
  mpath_wq();
};
