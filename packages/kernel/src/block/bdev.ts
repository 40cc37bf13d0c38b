// SPDX-License-Identifier: GPL-2.0-only
import { test_bit } from '../bits/bits.js';
import { get_device, put_device } from '../device/device.js';
import { E } from '../errno/errno.js';
import { kfn, makeStep } from '../kfn.js';
import { mutex_lock, mutex_unlock } from '../locks/mutex.js';
import { load, READ_ONCE, store } from '../memory/access.js';
import { checkLive } from '../memory/check.js';
import { module_put, try_module_get } from '../module/module.js';
import { WARN_ON_ONCE } from '../printk/printk.js';
import type { Steps } from '../step.js';
import { bd_abort_claiming, bd_finish_claiming, bd_prepare_to_claim, bd_yield_claim } from './bdev-claim.js';
import { BLK_OPEN_READ, BLK_OPEN_STRICT_SCAN, type blk_mode_t } from './block-device-operations.js';
import {
  bdev_is_partition,
  block_device,
  GD_NEED_PART_SCAN,
  GENHD_FL_HIDDEN,
  type blk_holder_ops,
  type gendisk,
} from './gendisk.js';
import { sync_blockdev } from './page-cache.js';
import { bdev_disk_changed } from './partitions.js';

/** The block device: of a disk, that of the whole. */
export const bdevOf = (target: gendisk | block_device): block_device =>
  target instanceof block_device ? target : target.part0;

/** Kernel: blkdev_get_no_open(): finds the device by its number and takes a reference, in one step. */
function* lookup(bdev: block_device): Steps<boolean> {
  const ref = bdev.bd_device.kref.refcount;
  // Nobody can find a disk that was never added, is deleted, or is gone with its memory.
  const isThere = (): boolean => bdev.alloc.freedAt === undefined && bdev.hashed && ref.refs > 0;
  const step = makeStep('blkdev_get_no_open', ref, 'refs', 'update', {
    also: [{ object: bdev, field: 'hashed', access: 'read' }],
    amounts: () => (isThere() ? 'add' : 'read'),
    tells: isThere,
  });
  yield step;
  const found = isThere();
  if (found) ref.refs++;
  step.value = found;
  return found;
}

function* countOpeners(op: string, bdev: block_device, by: 1 | -1): Steps<number> {
  const step = makeStep(op, bdev, 'bd_openers', 'update', {
    ordering: 'once',
    // No more is asked than whether it is the first or was the last.
    tells: () => bdev.bd_openers === (by === 1 ? 0 : 1),
  });
  yield step;
  checkLive(bdev);
  bdev.bd_openers += by;
  step.value = bdev.bd_openers;
  return bdev.bd_openers;
}

/** Kernel: blkdev_get_whole(): the driver's open, and the partition scan that somebody wants. */
function* getWhole(disk: gendisk, mode: blk_mode_t): Steps<number> {
  if (disk.fops.open !== undefined) {
    const error = yield* disk.fops.open(disk, mode);
    if (error === -E.ENOMEDIUM && (yield* test_bit(GD_NEED_PART_SCAN, disk, 'state'))) {
      yield* bdev_disk_changed(disk, true);
    }
    if (error !== 0) return error;
  }
  yield* countOpeners('atomic_inc', disk.part0, 1);
  if (!(yield* test_bit(GD_NEED_PART_SCAN, disk, 'state'))) return 0;
  const error = yield* bdev_disk_changed(disk);
  if (error === 0 || (mode & BLK_OPEN_STRICT_SCAN) === 0) return 0;
  yield* putWhole(disk);
  return error;
}

/** Kernel: blkdev_put_whole(): the last one writes back what is cached. */
function* putWhole(disk: gendisk): Steps<void> {
  if ((yield* countOpeners('atomic_dec_and_test', disk.part0, -1)) === 0) yield* flushMapping(disk.part0);
  if (disk.fops.release !== undefined) yield* disk.fops.release(disk);
}

/** Kernel: blkdev_flush_mapping(). */
function* flushMapping(bdev: block_device): Steps<void> {
  WARN_ON_ONCE(bdev.bd_holders > 0, 'blkdev_flush_mapping: the block device has a holder');
  yield* sync_blockdev(bdev);
}

/** Kernel: blkdev_get_part(): opens the whole disk, too. @returns -ENXIO for one without a size */
function* getPart(part: block_device, mode: blk_mode_t): Steps<number> {
  const disk = part.bd_disk;
  const error = yield* getWhole(disk, mode);
  if (error !== 0) return error;
  if ((yield* READ_ONCE(part, 'bd_nr_sectors')) === 0) {
    yield* putWhole(disk);
    return -E.ENXIO;
  }
  if ((yield* countOpeners('atomic_inc', part, 1)) === 1) {
    yield* store(disk, 'open_partitions', (yield* load(disk, 'open_partitions')) + 1);
  }
  return 0;
}

/** Kernel: blkdev_put_part(). */
function* putPart(part: block_device): Steps<void> {
  const disk = part.bd_disk;
  if ((yield* countOpeners('atomic_dec_and_test', part, -1)) === 0) {
    yield* flushMapping(part);
    yield* store(disk, 'open_partitions', (yield* load(disk, 'open_partitions')) - 1);
  }
  yield* putWhole(disk);
}

/** The part of an open under `open_mutex`. */
function* openLocked(bdev: block_device, mode: blk_mode_t): Steps<number> {
  const disk = bdev.bd_disk;
  if (!(yield* READ_ONCE(disk.part0, 'hashed'))) return -E.ENXIO;
  if (!(yield* try_module_get(disk.fops.owner))) return -E.ENXIO;
  const error = yield* bdev_is_partition(bdev) ? getPart(bdev, mode) : getWhole(disk, mode);
  if (error !== 0) yield* module_put(disk.fops.owner);
  return error;
}

/**
 * Opens a disk or a partition as a file would.
 * Kernel: bdev_open(), block/bdev.c. Context: may sleep.
 * @param holder claims it for this holder alone, which is told when the disk goes
 * @returns 0; -ENXIO: no such device, or its module is going; -EBUSY: somebody else holds it;
 * or what `fops.open` gave
 */
export const bdev_open = kfn(
  'bdev_open',
  function* (
    target: gendisk | block_device,
    mode: blk_mode_t = BLK_OPEN_READ,
    holder: object | null = null,
    hops: blk_holder_ops | null = null,
  ): Steps<number> {
    const bdev = bdevOf(target);
    const disk = bdev.bd_disk;
    if ((disk.flags & GENHD_FL_HIDDEN) !== 0 || !(yield* lookup(bdev))) return -E.ENXIO;
    let error = holder === null ? 0 : yield* bd_prepare_to_claim(bdev, holder);
    if (error === 0) {
      yield* mutex_lock(disk.open_mutex);
      error = yield* openLocked(bdev, mode);
      if (holder !== null && error === 0) yield* bd_finish_claiming(bdev, hops);
      else if (holder !== null) yield* bd_abort_claiming(bdev);
      yield* mutex_unlock(disk.open_mutex);
    }
    if (error !== 0) yield* put_device(bdev.bd_device);
    return error;
  },
);

/**
 * The close of an open file. What is cached is written back, early where this seems to be
 * the last one, so that it need not wait with `open_mutex` held.
 * Kernel: bdev_release(). Context: may sleep.
 * @param holder the one it was opened with
 */
export const bdev_release = kfn(
  'bdev_release',
  function* (target: gendisk | block_device, holder: object | null = null): Steps<void> {
    const bdev = bdevOf(target);
    const disk = bdev.bd_disk;
    if ((yield* READ_ONCE(bdev, 'bd_openers')) === 1) yield* sync_blockdev(bdev);
    yield* mutex_lock(disk.open_mutex);
    if (holder !== null) yield* bd_yield_claim(bdev);
    yield* bdev_is_partition(bdev) ? putPart(bdev) : putWhole(disk);
    yield* mutex_unlock(disk.open_mutex);
    yield* module_put(disk.fops.owner);
    yield* put_device(bdev.bd_device);
  },
);

/** Takes another reference on the disk for its user. Kernel: get_device(disk_to_dev(disk)). */
export const get_disk = (disk: gendisk): Steps<void> => get_device(disk.device);
