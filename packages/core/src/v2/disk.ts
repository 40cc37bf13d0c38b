// SPDX-License-Identifier: GPL-2.0-only
import { kfn, load, type Steps } from '@libmultipath/kernel';
import { remove_live_disk } from '../disk/remove-disk.js';
import { has_half_a_pair } from '../disk/template-pairs.js';
import { mpath_head_del_cdev } from '../disk/unremembered-cdev.js';
import { mpath_schedule_requeue_work } from '../io/requeue.js';
import { callbacks } from '../structures/null-pointer.js';
import type { mpath_device, mpath_head } from './structures.js';

/** What `mpath_alloc_head_disk()` refuses with -EINVAL, v2 patches 02, 06 and 11. */
export const is_refused = (head: mpath_head): boolean => has_half_a_pair(callbacks(head));

/**
 * Takes the disk out of the system, once per live period.
 * Kernel: `mpath_remove_disk()`, v2 patches 02 and 06. Context: may sleep, no lock held. References: none.
 * Mainline: `nvme_remove_head()`.
 */
export const mpath_remove_disk = kfn('mpath_remove_disk', function* (head: mpath_head): Steps<void> {
  yield* remove_live_disk(head, () => load(head, 'disk'), {
    kick: mpath_schedule_requeue_work,
    remove_cdev: mpath_head_del_cdev<mpath_device, mpath_head>,
  });
});
