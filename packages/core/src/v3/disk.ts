// SPDX-License-Identifier: GPL-2.0-only
import { kfn, load, test_and_clear_bit, type Steps } from '@libmultipath/kernel';
import { MPATH_HEAD_CDEV_LIVE } from '../constants.js';
import { remove_live_disk } from '../disk/remove-disk.js';
import { has_half_a_pair } from '../disk/template-pairs.js';
import { mpath_schedule_requeue_work } from '../io/requeue.js';
import { callbacks } from '../structures/null-pointer.js';
import type { V3Parts } from './parts.js';
import type { mpath_head } from './structures.js';

/** What `mpath_alloc_head_disk()` refuses with -EINVAL, v3 patch 02. `mpdt` itself is not tested. */
export const is_refused = (head: mpath_head): boolean =>
  head.disk_groups === null || head.parent === null || head.iopolicy === null || has_half_a_pair(callbacks(head));

/** Only when there is one. Kernel: `mpath_head_del_cdev()`, v3 patch 07. */
function* remove_cdev(head: mpath_head): Steps<void> {
  const { del_cdev } = callbacks(head);
  if (del_cdev === undefined) return;
  if (yield* test_and_clear_bit(MPATH_HEAD_CDEV_LIVE, head, 'flags')) yield* del_cdev(head);
}

/**
 * Takes the disk out of the system, once per live period.
 * Kernel: `mpath_remove_disk()`, v3 patches 02 and 07. Context: may sleep, no lock held. References: none.
 * Mainline: `nvme_remove_head()`.
 */
export const make_remove_disk = ({ after_grace_period, note_removal }: V3Parts) =>
  kfn('mpath_remove_disk', function* (head: mpath_head): Steps<void> {
    yield* note_removal(head, true);
    yield* remove_live_disk(head, () => load(head, 'disk'), {
      kick: mpath_schedule_requeue_work,
      remove_cdev,
      after_grace_period,
    });
  });
