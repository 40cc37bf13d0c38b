// SPDX-License-Identifier: GPL-2.0-only
import {
  blkdev_compat_ptr_ioctl,
  type bio,
  type block_device_operations,
  type device,
  type gendisk,
  type pr_ops,
  type Steps,
} from '@libmultipath/kernel';
import { nullPointer } from '../structures/null-pointer.js';
import { mpath_get_disk, mpath_put_disk } from './disk.js';
import { head_of_disk } from './head-of-disk.js';
import { mpath_disk, type mpath_head } from './structures.js';

/**
 * Kernel: `mpath_bd_device_to_disk()`, v1 patch 02: driver data, set by the first set_live. Pure.
 * Mainline: none: `disk->private_data` is the head.
 */
export const mpath_bd_device_to_disk = ({ driver_data }: device): mpath_disk | null =>
  driver_data instanceof mpath_disk ? driver_data : null;

/**
 * Kernel: `mpath_gendisk_to_disk()`, v1 patch 02. Pure.
 * Mainline: none: `disk->private_data` is the head.
 */
export const mpath_gendisk_to_disk = (disk: gendisk): mpath_disk | null => mpath_bd_device_to_disk(disk.device);

/** `disk->private_data`, set before anybody can find the disk. */
const private_data = (disk: gendisk | undefined): mpath_disk => {
  const owner = disk?.private_data;
  return owner instanceof mpath_disk ? owner : nullPointer('gendisk.private_data', disk);
};

type Submit = (head: mpath_head, disk: mpath_disk, what: bio) => Steps<void>;

function* submit_to(submit: Submit, what: bio): Steps<void> {
  const disk = private_data(what.bi_bdev?.bd_disk);
  yield* submit(yield* head_of_disk(disk), disk, what);
}

/** What the block device's operations come to, beyond its references. */
export interface Methods {
  readonly mpath_bdev_submit_bio: Submit;
  readonly ioctl: NonNullable<block_device_operations['ioctl']>;
  readonly report_zones: NonNullable<block_device_operations['report_zones']>;
  readonly getgeo: NonNullable<block_device_operations['getgeo']>;
  readonly get_unique_id: NonNullable<block_device_operations['get_unique_id']>;
  readonly pr_ops: pr_ops;
}

/** Kernel: `mpath_ops`, v1 patch 02. The owner is the library, which is built in: an open pins no module. */
export const make_mpath_ops = ({ mpath_bdev_submit_bio, ...methods }: Methods): block_device_operations => ({
  submit_bio: (what) => submit_to(mpath_bdev_submit_bio, what),
  open: (disk) => mpath_get_disk(private_data(disk)),
  release: (disk) => mpath_put_disk(private_data(disk)),
  compat_ioctl: blkdev_compat_ptr_ioctl,
  ...methods,
});
