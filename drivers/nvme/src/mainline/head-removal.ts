// SPDX-License-Identifier: GPL-2.0-only
import {
  cancel_delayed_work,
  del_gendisk,
  HZ,
  kblockd_schedule_work,
  kfn,
  list_del_init,
  list_empty,
  load,
  mod_delayed_work,
  module_put,
  mutex_lock,
  mutex_unlock,
  synchronize_srcu,
  test_and_clear_bit,
  test_bit,
  try_module_get,
  type Steps,
} from '@libmultipath/driver-kit';
import { trace_order } from '../environment/journal.js';
import { nvme_cdev_del } from './cdev.js';
import { NVME_NSHEAD_CDEV_LIVE, NVME_NSHEAD_DISK_LIVE } from './head-flags.js';
import { nvme_put_ns_head } from './head-reference.js';
import type { nvme_ns_head } from './nvme-ns-head.js';

/** DISK_LIVE is tested, never cleared. Kernel: nvme_mpath_shutdown_disk(), 6.1. Context: may sleep, no lock held. */
export const shutdown_disk_6_1 = kfn('nvme_mpath_shutdown_disk', function* (head: nvme_ns_head): Steps<void> {
  if (head.disk === null) return;
  yield* kblockd_schedule_work(head.requeue_work);
  if (!(yield* test_bit(NVME_NSHEAD_DISK_LIVE, head, 'flags'))) return;
  yield* nvme_cdev_del(head);
  yield* synchronize_srcu(head.srcu);
  yield* kblockd_schedule_work(head.requeue_work);
  yield* del_gendisk(head.disk);
});

/**
 * Whoever clears DISK_LIVE does the rest; from then on I/O fails, so the kick ends what waits.
 * Kernel: nvme_mpath_shutdown_disk(), 6.12. Context: may sleep, no lock held.
 */
export const shutdown_disk_6_12 = kfn('nvme_mpath_shutdown_disk', function* (head: nvme_ns_head): Steps<void> {
  if (head.disk === null) return;
  if (!(yield* test_and_clear_bit(NVME_NSHEAD_DISK_LIVE, head, 'flags'))) return;
  yield* nvme_cdev_del(head);
  yield* synchronize_srcu(head.srcu);
  yield* kblockd_schedule_work(head.requeue_work);
  yield* del_gendisk(head.disk);
});

/** Part of a profile: the head's disk goes. Context: may sleep, no lock held. References: drops the disk's. */
export type RemoveHead = (head: nvme_ns_head) => Steps<void>;

function* del_live_cdev(head: nvme_ns_head): Steps<void> {
  if (yield* test_and_clear_bit(NVME_NSHEAD_CDEV_LIVE, head, 'flags')) yield* nvme_cdev_del(head);
}

/**
 * The kick comes first: a bio that a reader queues after it, having seen DISK_LIVE still set, stays
 * listed until somebody else kicks, at the latest the last put. Kernel: nvme_remove_head(), 6.16 to 7.2.
 */
export const remove_head_6_16: RemoveHead = kfn('nvme_remove_head', function* (head: nvme_ns_head) {
  if (head.disk === null) return;
  if (yield* test_and_clear_bit(NVME_NSHEAD_DISK_LIVE, head, 'flags')) {
    yield* kblockd_schedule_work(head.requeue_work);
    yield* del_live_cdev(head);
    yield* synchronize_srcu(head.srcu);
    yield* del_gendisk(head.disk);
  }
  yield* nvme_put_ns_head(head);
});

/** Those who are about to queue a bio are waited for before the kick. Kernel: nvme_remove_head(), 7.3. */
export const remove_head_7_3: RemoveHead = kfn('nvme_remove_head', function* (head: nvme_ns_head) {
  if (head.disk === null) return;
  if (yield* test_and_clear_bit(NVME_NSHEAD_DISK_LIVE, head, 'flags')) {
    yield* synchronize_srcu(head.srcu);
    yield* kblockd_schedule_work(head.requeue_work);
    yield* del_live_cdev(head);
    yield* del_gendisk(head.disk);
  }
  yield* nvme_put_ns_head(head);
});

/**
 * The time is over. Kernel: nvme_remove_head_work(), 7.2 and 7.3. Context: nvme_wq.
 * References: drops that on the module.
 */
export const nvme_remove_head_work = kfn('nvme_remove_head_work', function* (head: nvme_ns_head): Steps<void> {
  const { subsys } = head;
  const { core } = subsys;
  let remove = false;
  yield* trace_order(core.journal, 'expired');
  yield* mutex_lock(subsys.lock);
  if (yield* list_empty(head.list)) {
    yield* list_del_init(head.entry);
    remove = true;
  }
  yield* mutex_unlock(subsys.lock);
  if (remove) yield* head.parts.remove_head(head);
  yield* module_put(core.this_module);
});

/**
 * Now, or when `delayed_removal_secs` have passed. The seconds are counted in ticks of 32 bits.
 * Kernel: nvme_mpath_remove_disk(), 7.2 and 7.3. Context: may sleep, no lock held.
 */
export const remove_disk_6_16 = kfn('nvme_mpath_remove_disk', function* (head: nvme_ns_head): Steps<void> {
  if (head.disk === null) return;
  const { subsys } = head;
  const { core } = subsys;
  let remove = false;
  yield* mutex_lock(subsys.lock);
  // A path may have joined since the last one left.
  if (yield* list_empty(head.list)) {
    const secs = yield* load(head, 'delayed_removal_secs');
    if (secs > 0 && (yield* try_module_get(core.this_module))) {
      yield* mod_delayed_work(core.nvme_wq, head.remove_work, Math.imul(secs, HZ) >>> 0);
    } else {
      yield* list_del_init(head.entry);
      remove = true;
    }
  }
  yield* mutex_unlock(subsys.lock);
  if (remove) yield* head.parts.remove_head(head);
});

/** Up to 6.15: a head without paths is gone for good. */
export function* path_joined_6_1(): Steps<void> {}

/** 7.2 and 7.3: the removal is called off, if it is not running yet. Part of nvme_init_ns_head(). */
export function* path_joined_7_2(head: nvme_ns_head): Steps<void> {
  if (yield* cancel_delayed_work(head.remove_work)) yield* module_put(head.subsys.core.this_module);
}

/** Up to 6.12: nothing but the path holds the head. Error path of nvme_alloc_ns(). */
export function* drop_failed_head_6_1(): Steps<void> {}

/** 7.2 and 7.3: the disk's reference is dropped too. Error path of nvme_alloc_ns(). */
export const drop_failed_head_7_2 = (head: nvme_ns_head): Steps<void> => nvme_put_ns_head(head);

/** 6.1, and 7.2 when it was a candidate: whoever stands on the path stands on freed memory. Error path of nvme_alloc_ns(). */
export function* leave_readers_6_1(): Steps<void> {}

/** 6.12.117, 7.2.12 and 7.3, where another path is left too. Error path of nvme_alloc_ns(). */
export const await_readers_6_12 = (head: nvme_ns_head): Steps<void> => synchronize_srcu(head.srcu);
