// SPDX-License-Identifier: GPL-2.0-only
import { kfn, load, test_and_set_bit, type gendisk, type Steps } from '@libmultipath/kernel';
import { MPATH_HEAD_DISK_LIVE } from '../constants.js';
import { mpath_schedule_requeue_work } from '../io/requeue.js';
import type { mpath_device_base } from '../structures/mpath-device-base.js';
import { head_of, type mpath_device_with_head } from '../structures/mpath-device-with-head.js';
import type { head_with_template } from '../structures/mpath-head-base.js';
import type { mpath_head_with_disk } from '../structures/mpath-head-with-disk.js';
import { mpath_add_sysfs_link } from '../sysfs/links-of-device.js';
import { add_disk } from './add-disk.js';
import { publish_path } from './set-live.js';

/** Where v2 and v3 differ in making a path live. */
export interface SetLiveParts<D, H> {
  /** The full scan of one node. */
  readonly scan: (head: H, node: number) => Steps<D | null>;
  /** Makes the char device, and deals with a failure. */
  readonly make_cdev: (head: H, disk: gendisk) => Steps<void>;
}

/**
 * Makes the head's disk live with its first path, and lets parked bios try the new path.
 * Who finds DISK_LIVE set does not wait for the one who is adding.
 *
 * Kernel: `mpath_device_set_live()`, v2 and v3 patches 02 to 08. Context: may sleep.
 * Mainline: `nvme_mpath_set_live()`.
 */
export const make_device_set_live = <
  D extends mpath_device_with_head<H>,
  H extends mpath_head_with_disk<D> & head_with_template<D>,
>({
  scan,
  make_cdev,
}: SetLiveParts<D, H>) =>
  kfn('mpath_device_set_live', function* (dev: D): Steps<void> {
    const head = yield* head_of<H>(dev);
    const base: mpath_head_with_disk<mpath_device_base> = head;
    const disk = yield* load(base, 'disk');
    if (disk === null) return;

    if (!(yield* test_and_set_bit(MPATH_HEAD_DISK_LIVE, base, 'flags'))) {
      const { parent, disk_groups: groups, partition_scan_work } = head;
      const added = yield* add_disk(head, { owner: head, disk, parent, groups, partition_scan_work }, make_cdev);
      if (!added) return;
    }
    yield* mpath_add_sysfs_link(head);
    yield* publish_path(head, dev, scan, mpath_schedule_requeue_work);
  });
