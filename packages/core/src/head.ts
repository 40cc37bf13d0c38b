// SPDX-License-Identifier: GPL-2.0-only
import {
  init_srcu_struct,
  kblockd_schedule_work,
  kfn,
  refcount_set,
  synchronize_srcu,
  work_struct,
  type Steps,
} from '@libmultipath/kernel';
import { partition_scan_work } from './partition-scan.js';
import { mpath_requeue_work } from './submit.js';
import type { mpath_head } from './structures.js';

/**
 * Initialises what the library owns of zeroed memory; `remove_work`, `flags`, `disk`,
 * counters and `current_path` stay as they are.
 *
 * Kernel: `mpath_head_init()`, v3 patch 01. Context: may sleep. Returns 0 or a negative errno.
 */
export const mpath_head_init = kfn('mpath_head_init', function* (head: mpath_head): Steps<number> {
  yield* refcount_set(head.refcount, 1);
  head.partition_scan_work = new work_struct(head, () => partition_scan_work(head), 'partition_scan_work');
  head.requeue_work = new work_struct(head, () => mpath_requeue_work(head), 'requeue_work');
  return yield* init_srcu_struct(head.srcu);
});

/** Kernel: `mpath_synchronize()`, v3 patch 05. Context: sleeps. */
export const mpath_synchronize = kfn('mpath_synchronize', function* (head: mpath_head): Steps<void> {
  yield* synchronize_srcu(head.srcu);
});

/** The kick: does nothing when the work is already pending. Kernel: `mpath_schedule_requeue_work()`, v3 patch 04. */
export const mpath_schedule_requeue_work = kfn(
  'mpath_schedule_requeue_work',
  function* (head: mpath_head): Steps<void> {
    yield* kblockd_schedule_work(head.requeue_work);
  },
);
