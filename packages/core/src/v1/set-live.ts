// SPDX-License-Identifier: GPL-2.0-only
import { kfn, load, test_and_set_bit, type gendisk, type Steps } from '@libmultipath/kernel';
import { MPATH_HEAD_DISK_LIVE, type mpath_iopolicy_e } from '../constants.js';
import { add_disk } from '../disk/add-disk.js';
import { publish_path } from '../disk/set-live.js';
import { mpath_head_add_cdev } from '../disk/unremembered-cdev.js';
import { callbacks, nullPointer } from '../structures/null-pointer.js';
import { kick } from './kick.js';
import type { mpath_device, mpath_disk, mpath_head } from './structures.js';
import { mpath_add_sysfs_link } from './sysfs-link.js';

/** `mpath_disk->disk`, there from the allocation on. */
function* gendisk_of(disk: mpath_disk): Steps<gendisk> {
  return (yield* load(disk, 'disk')) ?? nullPointer('mpath_disk.disk', disk);
}

/**
 * Makes the disk live with its head's first path, and lets parked bios try the new path.
 * Who finds DISK_LIVE set does not wait for the one who is adding.
 *
 * Kernel: `mpath_device_set_live()`, v1 patches 02 to 08. Context: may sleep.
 * Mainline: `nvme_mpath_set_live()`.
 * @param disk the test for NULL comes after the dereference, too late
 */
export const make_set_live = (
  full_scan: (head: mpath_head, node: number, iopolicy: mpath_iopolicy_e) => Steps<mpath_device | null>,
) => {
  function* scan(head: mpath_head, node: number): Steps<mpath_device | null> {
    return yield* full_scan(head, node, yield* callbacks(head).get_iopolicy(head));
  }
  return kfn('mpath_device_set_live', function* (disk: mpath_disk | null, dev: mpath_device): Steps<void> {
    const head = yield* load(disk, 'mpath_head');
    if (disk === null) return;
    if (head === null) return nullPointer('mpath_disk.mpath_head', disk);

    if (!(yield* test_and_set_bit(MPATH_HEAD_DISK_LIVE, head, 'flags'))) {
      const { parent, partition_scan_work } = disk;
      const groups = callbacks(head).device_groups ?? null;
      const to_add = { owner: disk, disk: yield* gendisk_of(disk), parent, groups, partition_scan_work };
      if (!(yield* add_disk(head, to_add, mpath_head_add_cdev<mpath_device, mpath_head>))) return;
    }
    yield* mpath_add_sysfs_link(disk);
    yield* publish_path(head, dev, scan, kick);
  });
};
