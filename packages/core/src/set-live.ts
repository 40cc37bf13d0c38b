// SPDX-License-Identifier: GPL-2.0-only
import {
  clear_bit,
  dev_err,
  device_add_disk,
  for_each_online_node,
  kfn,
  load,
  mutex_lock,
  mutex_unlock,
  queue_work,
  set_bit,
  srcu_read_lock,
  srcu_read_unlock,
  store,
  synchronize_srcu,
  test_and_set_bit,
  type gendisk,
  type Steps,
} from '@libmultipath/kernel';
import { callbacks, head_of } from './callbacks.js';
import { MPATH_HEAD_CDEV_LIVE, MPATH_HEAD_DISK_LIVE } from './constants.js';
import { mpath_schedule_requeue_work } from './head.js';
import { __mpath_find_path } from './select.js';
import type { mpath_device, mpath_head } from './structures.js';
import { mpath_add_sysfs_link } from './sysfs-link.js';
import { mpath_wq } from './workqueue.js';

/** First path of a live period: the disk, then the char device, then the partitions. */
function* add_disk(head: mpath_head, disk: gendisk): Steps<boolean> {
  yield* store(disk.device, 'driver_data', head);
  if ((yield* device_add_disk(head.parent, disk, head.disk_groups)) !== 0) {
    yield* clear_bit(MPATH_HEAD_DISK_LIVE, head, 'flags');
    return false;
  }
  const { add_cdev } = callbacks(head);
  if (add_cdev !== undefined) {
    if ((yield* add_cdev(head)) === 0) yield* set_bit(MPATH_HEAD_CDEV_LIVE, head, 'flags');
    else dev_err(disk, 'Unable to create the cdev');
  }
  yield* queue_work(mpath_wq(), head.partition_scan_work);
  return true;
}

/**
 * Makes the head's disk live with its first path, and lets parked bios try the new path.
 * Who finds DISK_LIVE set does not wait for the one who is adding.
 *
 * Kernel: `mpath_device_set_live()`, v3 patches 02 to 08. Context: may sleep.
 */
export const mpath_device_set_live = kfn('mpath_device_set_live', function* (dev: mpath_device): Steps<void> {
  const head = yield* head_of(dev);
  const disk = yield* load(head, 'disk');
  if (disk === null) return;

  if (!(yield* test_and_set_bit(MPATH_HEAD_DISK_LIVE, head, 'flags')) && !(yield* add_disk(head, disk))) return;
  yield* mpath_add_sysfs_link(head);

  yield* mutex_lock(head.lock);
  if (yield* callbacks(head).is_optimized(dev)) {
    const idx = yield* srcu_read_lock(head.srcu);
    for (const node of for_each_online_node()) yield* __mpath_find_path(head, node);
    yield* srcu_read_unlock(head.srcu, idx);
  }
  yield* mutex_unlock(head.lock);

  // Whoever decided to park a bio before the path was published has parked it when the
  // grace period ends, so the kick sees it.
  yield* synchronize_srcu(head.srcu);
  yield* mpath_schedule_requeue_work(head);
});
