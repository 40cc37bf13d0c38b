// SPDX-License-Identifier: GPL-2.0-only
import {
  HZ,
  kfn,
  load,
  mod_delayed_work,
  mutex_lock,
  mutex_unlock,
  test_bit,
  try_module_get,
  type Steps,
} from '@libmultipath/kernel';
import { MPATH_HEAD_QUEUE_IF_NO_PATH } from '../constants.js';
import { mpath_wq } from '../mpath-wq.js';
import type { mpath_device_base } from '../structures/mpath-device-base.js';
import type { mpath_head_base } from '../structures/mpath-head-base.js';

type Head = mpath_head_base<mpath_device_base>;

/**
 * Kernel: `mpath_head_queue_if_no_path()`, delayed removal patch of v1 to v3. No lock.
 * Mainline: `nvme_mpath_queue_if_no_path()`.
 */
export const mpath_head_queue_if_no_path = kfn('mpath_head_queue_if_no_path', function* (head: Head): Steps<boolean> {
  return yield* test_bit(MPATH_HEAD_QUEUE_IF_NO_PATH, head, 'flags');
});

/**
 * May the head go now? If removal is delayed and the driver's module can be pinned,
 * (re)arms `remove_work` and says no. Does not look whether paths exist.
 *
 * Kernel: `mpath_can_remove_head()`, delayed removal patch of v1 to v3. Context: may sleep.
 * References: one on `drv_module` each time it arms.
 * Mainline: `nvme_mpath_remove_disk()`.
 * @param armed_again what follows when the work was pending already
 */
export const make_can_remove_head = <H extends Head>(armed_again: (head: H) => Steps<void>) =>
  kfn('mpath_can_remove_head', function* (head: H): Steps<boolean> {
    let remove = true;
    yield* mutex_lock(head.lock);
    if ((yield* mpath_head_queue_if_no_path(head)) && (yield* try_module_get(head.drv_module))) {
      // The product is formed in unsigned int, so a large delay wraps.
      const delay = Math.imul(yield* load(head as Head, 'delayed_removal_secs'), HZ) >>> 0;
      if (yield* mod_delayed_work(mpath_wq(), head.remove_work, delay)) yield* armed_again(head);
      remove = false;
    }
    yield* mutex_unlock(head.lock);
    return remove;
  });
