// SPDX-License-Identifier: GPL-2.0-only
import { work_struct } from '@libmultipath/kernel';
import { mpath_requeue_work } from '../io/requeue.js';
import { make_alloc_head } from '../references/kref-head.js';
import { mpath_head } from './structures.js';

/**
 * `remove_work` is the driver's to initialise. Kernel: `mpath_alloc_head()`, v1 patches 01, 04 and 07.
 * Mainline: `nvme_alloc_ns_head()`.
 */
export const mpath_alloc_head = make_alloc_head(
  () => new mpath_head(),
  (head) => {
    head.requeue_work = new work_struct(head, () => mpath_requeue_work(head), 'requeue_work');
  },
);
