// SPDX-License-Identifier: GPL-2.0-only
import {
  bio_list_get,
  kblockd_schedule_work,
  kfn,
  spin_lock_irqsave,
  spin_unlock_irqrestore,
  submit_bio_noacct,
  type bio,
  type Steps,
} from '@libmultipath/kernel';
import type { mpath_device_base } from '../structures/mpath-device-base.js';
import type { mpath_head_base } from '../structures/mpath-head-base.js';

/**
 * Takes all that is parked and submits it again, first in, first out. What is parked
 * again meanwhile waits for the next kick.
 * Kernel: `mpath_requeue_work()`, patch 04 of v1 to v3; exported in v1 alone. Context: kblockd.
 * Mainline: `nvme_requeue_work()`.
 */
export const mpath_requeue_work = kfn(
  'mpath_requeue_work',
  function* (head: mpath_head_base<mpath_device_base>): Steps<void> {
    yield* spin_lock_irqsave(head.requeue_lock);
    let next = yield* bio_list_get(head.requeue_list);
    yield* spin_unlock_irqrestore(head.requeue_lock);

    while (next !== null) {
      const what: bio = next;
      next = what.bi_next;
      what.bi_next = null;
      yield* submit_bio_noacct(what);
    }
  },
);

/**
 * The kick: does nothing when the work is already pending.
 * Kernel: `mpath_schedule_requeue_work()`, patch 04 of v2 and v3; v1 schedules the work itself. Context: any.
 * Mainline: `nvme_kick_requeue_lists()`, for the heads of a controller.
 */
export const mpath_schedule_requeue_work = kfn(
  'mpath_schedule_requeue_work',
  function* (head: mpath_head_base<mpath_device_base>): Steps<void> {
    yield* kblockd_schedule_work(head.requeue_work);
  },
);
