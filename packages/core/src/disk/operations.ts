// SPDX-License-Identifier: GPL-2.0-only
import {
  blkdev_compat_ptr_ioctl,
  type bio,
  type blk_mode_t,
  type block_device,
  type block_device_operations,
  type device,
  type gendisk,
  type KObject,
  type pr_ops,
  type Steps,
} from '@libmultipath/kernel';
import type { DiskMethods } from '../passthrough/disk-methods.js';
import { nullPointer } from '../structures/null-pointer.js';

/** What the block device's operations come to, with the head that they are for. */
export interface DiskOperations<H> extends DiskMethods {
  readonly mpath_get_head: (head: H) => Steps<number>;
  readonly mpath_put_head: (head: H) => Steps<void>;
  readonly mpath_bdev_submit_bio: (head: H, what: bio) => Steps<void>;
  readonly mpath_bdev_ioctl: (
    head: H,
    bdev: block_device,
    mode: blk_mode_t,
    cmd: number,
    arg: unknown,
  ) => Steps<number>;
  readonly pr_ops: pr_ops;
}

/** How one comes from a disk to the head that it is in, since v2: by driver data, or by `private_data`. */
export const make_operations = <H extends KObject>(is_head: (data: unknown) => data is H) => {
  /** The head that driver data is, if it is one. */
  const head_from = (driver_data: unknown): H | null => (is_head(driver_data) ? driver_data : null);

  /**
   * Kernel: `mpath_bd_device_to_head()`, v2 and v3 patch 02: driver data, set by the first set_live. Pure.
   * Mainline: none: `disk->private_data` is the head.
   */
  const mpath_bd_device_to_head = ({ driver_data }: device): H | null => head_from(driver_data);

  /**
   * Kernel: `mpath_gendisk_to_head()`, v2 and v3 patch 02. Pure.
   * Mainline: none: `disk->private_data` is the head.
   */
  const mpath_gendisk_to_head = (disk: gendisk): H | null => mpath_bd_device_to_head(disk.device);

  /** `disk->private_data`, set before anybody can find the disk. */
  const private_data = (disk: gendisk | undefined): H =>
    head_from(disk?.private_data) ?? nullPointer('gendisk.private_data', disk);

  /**
   * The owner is the library, which is built in: an open pins no module.
   * Kernel: `mpath_ops`, v2 and v3 patches 02 and 09 to 13.
   */
  const make_mpath_ops = ({
    mpath_get_head,
    mpath_put_head,
    mpath_bdev_submit_bio,
    mpath_bdev_ioctl,
    ...methods
  }: DiskOperations<H>): block_device_operations => ({
    submit_bio: (what) => mpath_bdev_submit_bio(private_data(what.bi_bdev?.bd_disk), what),
    open: (disk) => mpath_get_head(private_data(disk)),
    release: (disk) => mpath_put_head(private_data(disk)),
    ioctl: (bdev, mode, cmd, arg) => mpath_bdev_ioctl(private_data(bdev.bd_disk), bdev, mode, cmd, arg),
    compat_ioctl: blkdev_compat_ptr_ioctl,
    ...methods,
  });

  return { head_from, mpath_bd_device_to_head, mpath_gendisk_to_head, private_data, make_mpath_ops };
};
