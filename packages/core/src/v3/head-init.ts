// SPDX-License-Identifier: GPL-2.0-only
import { init_srcu_struct, kfn, load, refcount_set, work_struct, type Steps } from '@libmultipath/kernel';
import { scan_partitions } from '../disk/partition-scan.js';
import { mpath_requeue_work } from '../io/requeue.js';
import type { V3Parts } from './parts.js';
import type { mpath_head } from './structures.js';

/** Kernel: `multipath_partition_scan_work()`, v3 patch 02. Context: `mpath-wq`. */
const partition_scan_work = kfn('multipath_partition_scan_work', function* (head: mpath_head): Steps<void> {
  yield* scan_partitions(yield* load(head, 'disk'));
});

/**
 * Initialises what the library owns of zeroed memory; `remove_work`, `flags`, `disk`,
 * counters and `current_path` stay as they are.
 *
 * Kernel: `mpath_head_init()`, v3 patch 01. Context: may sleep. Returns 0 or a negative errno.
 * Mainline: `nvme_alloc_ns_head()`.
 */
export const make_head_init = ({ set_drv_module }: V3Parts) =>
  kfn('mpath_head_init', function* (head: mpath_head): Steps<number> {
    yield* refcount_set(head.refcount, 1);
    head.partition_scan_work = new work_struct(head, () => partition_scan_work(head), 'partition_scan_work');
    head.requeue_work = new work_struct(head, () => mpath_requeue_work(head), 'requeue_work');
    yield* set_drv_module(head);
    return yield* init_srcu_struct(head.srcu, { mayFail: 'declared' });
  });
