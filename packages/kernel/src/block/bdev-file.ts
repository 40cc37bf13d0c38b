// SPDX-License-Identifier: GPL-2.0-only
import { kfn } from '../kfn.js';
import { KObject } from '../object.js';
import type { Steps } from '../step.js';
import { bdev_open, bdev_release, bdevOf } from './bdev.js';
import { BLK_OPEN_READ, type blk_mode_t } from './block-device-operations.js';
import type { blk_holder_ops, block_device, gendisk } from './gendisk.js';

/** Kernel: struct file of a block device: what one open gave. */
export class bdev_file extends KObject {
  constructor(
    readonly bdev: block_device,
    readonly f_mode: blk_mode_t,
    readonly holder: object | null,
  ) {
    super();
  }
}

/**
 * Opens a disk or a partition. Kernel: bdev_file_open_by_dev(), open(2). Context: may sleep.
 * @returns the file, or what bdev_open() gave
 */
export const bdev_file_open_by_dev = kfn(
  'bdev_file_open_by_dev',
  function* (
    target: gendisk | block_device,
    mode: blk_mode_t = BLK_OPEN_READ,
    holder: object | null = null,
    hops: blk_holder_ops | null = null,
  ): Steps<bdev_file | number> {
    const bdev = bdevOf(target);
    const error = yield* bdev_open(bdev, mode, holder, hops);
    return error === 0 ? new bdev_file(bdev, mode, holder) : error;
  },
);

/** Closes it. Kernel: bdev_fput(), close(2): runs at once, not as task work. Context: may sleep. */
export const bdev_fput = (file: bdev_file): Steps<void> => bdev_release(file.bdev, file.holder);
