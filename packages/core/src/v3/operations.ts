// SPDX-License-Identifier: GPL-2.0-only
import type { bio, block_device, block_device_operations, gendisk, Steps } from '@libmultipath/kernel';
import { nullPointer } from '../structures/null-pointer.js';
import { mpath_get_head } from './references.js';
import { mpath_head } from './structures.js';

/** Kernel: `mpath_gendisk_to_head()`, `mpath_bd_device_to_head()`, v3 patch 02: driver data, set by the first set_live. */
export const mpath_gendisk_to_head = (disk: gendisk): mpath_head | null => {
  const { driver_data } = disk.device;
  return driver_data instanceof mpath_head ? driver_data : null;
};

/** `disk->private_data`, set before anybody can find the disk. */
const private_data = (disk: gendisk | undefined): mpath_head => {
  const head = disk?.private_data;
  return head instanceof mpath_head ? head : nullPointer('gendisk.private_data', disk);
};

/** What the block device's operations come to. */
interface Methods {
  readonly mpath_bdev_submit_bio: (head: mpath_head, what: bio) => Steps<void>;
  readonly mpath_put_head: (head: mpath_head) => Steps<void>;
  readonly mpath_bdev_ioctl: (head: mpath_head, bdev: block_device, cmd: number, arg: unknown) => Steps<number>;
}

/** Kernel: `mpath_ops`, v3 patch 02. The owner is the library, which is built in: an open pins no module. */
export const make_mpath_ops = (methods: Methods): block_device_operations => ({
  submit_bio: (what) => methods.mpath_bdev_submit_bio(private_data(what.bi_bdev?.bd_disk), what),
  open: (disk) => mpath_get_head(private_data(disk)),
  release: (disk) => methods.mpath_put_head(private_data(disk)),
  ioctl: (bdev, cmd, arg) => methods.mpath_bdev_ioctl(private_data(bdev.bd_disk), bdev, cmd, arg),
});
