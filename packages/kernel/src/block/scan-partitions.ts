// SPDX-License-Identifier: GPL-2.0-only
import { clear_bit, set_bit } from '../bits/bits.js';
import { E } from '../errno/errno.js';
import { kfn } from '../kfn.js';
import { load } from '../memory/access.js';
import type { Steps } from '../step.js';
import { bdev_open, bdev_release } from './bdev.js';
import { BLK_OPEN_EXCL, type blk_mode_t } from './block-device-operations.js';
import { GD_NEED_PART_SCAN, type gendisk } from './gendisk.js';
import { disk_has_partscan } from './partitions.js';

/** Claims the disk while its partitions are read. */
const scanner = { name: 'disk_scan_partitions' };

/**
 * Opens the disk with the wish for a partition scan, and closes it.
 * Kernel: disk_scan_partitions(), block/genhd.c. Context: may sleep, `open_mutex` not held.
 * @returns 0; -EINVAL when the disk has no scans; -EBUSY when a partition is open; or the open's error
 */
export const disk_scan_partitions = kfn(
  'disk_scan_partitions',
  function* (disk: gendisk, mode: blk_mode_t): Steps<number> {
    if (!(yield* disk_has_partscan(disk))) return -E.EINVAL;
    if ((yield* load(disk, 'open_partitions')) > 0) return -E.EBUSY;
    yield* set_bit(GD_NEED_PART_SCAN, disk, 'state');
    const holder = (mode & BLK_OPEN_EXCL) === 0 ? scanner : null;
    const error = yield* bdev_open(disk, mode & ~BLK_OPEN_EXCL, holder);
    if (error === 0) yield* bdev_release(disk, holder);
    yield* clear_bit(GD_NEED_PART_SCAN, disk, 'state');
    return error;
  },
);
