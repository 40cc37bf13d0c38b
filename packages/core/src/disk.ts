// SPDX-License-Identifier: GPL-2.0-only
import {
  del_gendisk,
  flush_work,
  kfn,
  load,
  put_disk,
  synchronize_srcu,
  test_and_clear_bit,
  type Steps,
} from '@libmultipath/kernel';
import { callbacks } from './callbacks.js';
import { MPATH_HEAD_CDEV_LIVE, MPATH_HEAD_DISK_LIVE } from './constants.js';
import { mpath_schedule_requeue_work } from './head.js';
import type { mpath_head } from './structures.js';

/**
 * Takes the disk out of the system, once per live period.
 * Kernel: `mpath_remove_disk()`, v3 patches 02 and 07. Context: may sleep, no lock held. References: none.
 */
export const mpath_remove_disk = kfn('mpath_remove_disk', function* (head: mpath_head): Steps<void> {
  if (!(yield* test_and_clear_bit(MPATH_HEAD_DISK_LIVE, head, 'flags'))) return;
  yield* mpath_schedule_requeue_work(head);
  if (yield* test_and_clear_bit(MPATH_HEAD_CDEV_LIVE, head, 'flags')) {
    const { del_cdev } = callbacks(head);
    // The bit is set by nobody without the pair.
    if (del_cdev !== undefined) yield* del_cdev(head);
  }
  yield* synchronize_srcu(head.srcu);
  yield* del_gendisk(yield* load(head, 'disk'));
});

/**
 * Lets what is parked fail in the dead queue, then drops the disk; `remove_work` and
 * `head->disk` stay as they are. Kernel: `mpath_put_disk()`, v3 patches 02 and 04. Context: may sleep.
 */
export const mpath_put_disk = kfn('mpath_put_disk', function* (head: mpath_head): Steps<void> {
  const disk = yield* load(head, 'disk');
  if (disk === null) return;
  yield* mpath_schedule_requeue_work(head);
  yield* flush_work(head.requeue_work);
  yield* flush_work(head.partition_scan_work);
  yield* put_disk(disk);
});
