// SPDX-License-Identifier: GPL-2.0-only
import { kfn, load, work_struct, type Steps } from '@libmultipath/kernel';
import { scan_partitions } from '../disk/partition-scan.js';
import { mpath_requeue_work } from '../io/requeue.js';
import { make_alloc_head } from '../references/kref-head.js';
import { mpath_head } from './structures.js';

/** Kernel: `multipath_partition_scan_work()`, v2 patch 02. Context: `mpath-wq`. */
const multipath_partition_scan_work = kfn('multipath_partition_scan_work', function* (head: mpath_head): Steps<void> {
  yield* scan_partitions(yield* load(head, 'disk'));
});

/**
 * `remove_work` waits for the disk. Kernel: `mpath_alloc_head()`, v2 patches 01, 02 and 04.
 * Mainline: `nvme_alloc_ns_head()`.
 */
export const mpath_alloc_head = make_alloc_head(
  () => new mpath_head(),
  (head) => {
    head.partition_scan_work = new work_struct(head, () => multipath_partition_scan_work(head), 'partition_scan_work');
    head.requeue_work = new work_struct(head, () => mpath_requeue_work(head), 'requeue_work');
  },
);
