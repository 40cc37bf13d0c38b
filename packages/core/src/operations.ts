// SPDX-License-Identifier: GPL-2.0-only
import { type block_device_operations, currentMachine, type gendisk } from '@libmultipath/kernel';
import { mpath_bdev_ioctl } from './ioctl.js';
import { mpath_get_head, mpath_put_head } from './references.js';
import { mpath_head } from './structures.js';
import { mpath_bdev_submit_bio } from './submit.js';

/** Kernel: `mpath_gendisk_to_head()`, `mpath_bd_device_to_head()`, v3 patch 02: driver data, set by the first set_live. */
export const mpath_gendisk_to_head = (disk: gendisk): mpath_head | null => {
  const { driver_data } = disk.device;
  return driver_data instanceof mpath_head ? driver_data : null;
};

/** `disk->private_data`, set before anybody can find the disk. */
const private_data = (disk: gendisk | undefined): mpath_head => {
  const head = disk?.private_data;
  if (head instanceof mpath_head) return head;
  return currentMachine().oops('null-dereference', 'BUG: kernel NULL pointer dereference: gendisk.private_data', disk);
};

/** Kernel: `mpath_ops`, v3 patch 02. The owner is the library, which is built in: an open pins no module. */
export const mpath_ops: block_device_operations = {
  submit_bio: (what) => mpath_bdev_submit_bio(private_data(what.bi_bdev?.bd_disk), what),
  open: (disk) => mpath_get_head(private_data(disk)),
  release: (disk) => mpath_put_head(private_data(disk)),
  ioctl: (bdev, cmd, arg) => mpath_bdev_ioctl(private_data(bdev.bd_disk), bdev, cmd, arg),
};

/** Kernel: `is_mpath_disk()`, v3 patch 02. Pure. */
export const is_mpath_disk = (disk: gendisk): boolean => disk.fops === mpath_ops;
