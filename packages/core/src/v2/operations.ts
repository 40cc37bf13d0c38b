// SPDX-License-Identifier: GPL-2.0-only
import {
  blkdev_compat_ptr_ioctl,
  type bio,
  type blk_mode_t,
  type block_device,
  type block_device_operations,
  type device,
  type gendisk,
  type pr_ops,
  type Steps,
} from '@libmultipath/kernel';
import type { DiskMethods } from '../passthrough/disk-methods.js';
import { mpath_get_head, mpath_put_head } from '../references/kref-head.js';
import { nullPointer } from '../structures/null-pointer.js';
import { mpath_head } from './structures.js';

/** The head that driver data is, if it is one. */
export const head_from = (driver_data: unknown): mpath_head | null =>
  driver_data instanceof mpath_head ? driver_data : null;

/**
 * Kernel: `mpath_bd_device_to_head()`, v2 patch 02: driver data, set by the first set_live. Pure.
 * Mainline: none: `disk->private_data` is the head.
 */
export const mpath_bd_device_to_head = ({ driver_data }: device): mpath_head | null => head_from(driver_data);

/**
 * Kernel: `mpath_gendisk_to_head()`, v2 patch 02. Pure.
 * Mainline: none: `disk->private_data` is the head.
 */
export const mpath_gendisk_to_head = (disk: gendisk): mpath_head | null => mpath_bd_device_to_head(disk.device);

/** `disk->private_data`, set before anybody can find the disk. */
export const private_data = (disk: gendisk | undefined): mpath_head => {
  const head = disk?.private_data;
  return head instanceof mpath_head ? head : nullPointer('gendisk.private_data', disk);
};

/** What the block device's operations come to, beyond its references. */
interface Methods extends DiskMethods {
  readonly mpath_bdev_submit_bio: (head: mpath_head, what: bio) => Steps<void>;
  readonly mpath_bdev_ioctl: (
    head: mpath_head,
    bdev: block_device,
    mode: blk_mode_t,
    cmd: number,
    arg: unknown,
  ) => Steps<number>;
  readonly pr_ops: pr_ops;
}

/** Kernel: `mpath_ops`, v2 patches 02 and 09 to 13. The owner is the library, which is built in: an open pins no module. */
export const make_mpath_ops = ({
  mpath_bdev_submit_bio,
  mpath_bdev_ioctl,
  ...methods
}: Methods): block_device_operations => ({
  submit_bio: (what) => mpath_bdev_submit_bio(private_data(what.bi_bdev?.bd_disk), what),
  open: (disk) => mpath_get_head(private_data(disk)),
  release: (disk) => mpath_put_head(private_data(disk)),
  ioctl: (bdev, mode, cmd, arg) => mpath_bdev_ioctl(private_data(bdev.bd_disk), bdev, mode, cmd, arg),
  compat_ioctl: blkdev_compat_ptr_ioctl,
  ...methods,
});
