// SPDX-License-Identifier: GPL-2.0-only
import { flush_work, kfn, load, put_disk, type Steps } from '@libmultipath/kernel';
import { mpath_schedule_requeue_work } from '../io/requeue.js';
import type { mpath_device_base } from '../structures/mpath-device-base.js';
import type { mpath_head_with_disk } from '../structures/mpath-head-with-disk.js';

/**
 * Lets what is parked fail in the dead queue, then drops the disk; `remove_work` and
 * `head->disk` stay as they are.
 * Kernel: `mpath_put_disk()`, patches 02 and 04 of v2 and v3. Context: may sleep.
 * Mainline: `nvme_mpath_put_disk()`.
 * @param end_removal what is done about a removal that is pending or running
 */
export const make_put_disk = <H extends mpath_head_with_disk<mpath_device_base>>(
  end_removal: (head: H) => Steps<void>,
) =>
  kfn('mpath_put_disk', function* (head: H): Steps<void> {
    const base: mpath_head_with_disk<mpath_device_base> = head;
    const disk = yield* load(base, 'disk');
    if (disk === null) return;
    yield* end_removal(head);
    yield* mpath_schedule_requeue_work(head);
    yield* flush_work(head.requeue_work);
    yield* flush_work(head.partition_scan_work);
    yield* put_disk(disk);
  });
