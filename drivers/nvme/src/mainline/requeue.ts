// SPDX-License-Identifier: GPL-2.0-only
import {
  bio_list_get,
  kblockd_schedule_work,
  kfn,
  kobject_uevent,
  READ_ONCE,
  spin_lock_irq,
  spin_unlock_irq,
  submit_bio_noacct,
  type Steps,
} from '@libmultipath/driver-kit';
import { NVME_CTRL_LIVE } from '../environment/constants.js';
import { for_each_ns } from '../environment/for-each-ns.js';
import type { nvme_ctrl } from '../environment/nvme-ctrl.js';
import { head_of } from '../environment/nvme-ns.js';
import { path_of } from './nvme-ns.js';
import type { nvme_ns_head } from './nvme-ns-head.js';

/** Tries again what waits, in the order of arrival. Kernel: nvme_requeue_work(), all versions. Context: kblockd. */
export const nvme_requeue_work = kfn('nvme_requeue_work', function* (head: nvme_ns_head): Steps<void> {
  yield* spin_lock_irq(head.requeue_lock);
  let next = yield* bio_list_get(head.requeue_list);
  yield* spin_unlock_irq(head.requeue_lock);
  while (next !== null) {
    const bio = next;
    // The bios are this worker's own until it submits them.
    next = bio.bi_next;
    bio.bi_next = null;
    yield* submit_bio_noacct(bio);
  }
});

/** Kernel: nvme_kick_requeue_lists(), all versions. Context: may sleep. */
export const nvme_kick_requeue_lists = kfn('nvme_kick_requeue_lists', function* (ctrl: nvme_ctrl): Steps<void> {
  yield* for_each_ns(ctrl, function* (ns) {
    const { disk, requeue_work } = head_of(path_of(ns));
    if (disk === null) return;
    yield* kblockd_schedule_work(requeue_work);
    if ((yield* READ_ONCE(ctrl, 'state')) === NVME_CTRL_LIVE) kobject_uevent(disk.device.kobj, 'change');
  });
});
