// SPDX-License-Identifier: GPL-2.0-only
import { get_device, put_device } from '../device/device.js';
import { kfn, makeStep } from '../kfn.js';
import { mutex_lock, mutex_unlock } from '../locks/mutex.js';
import { load } from '../memory/access.js';
import { checkLive } from '../memory/check.js';
import type { Steps } from '../step.js';
import type { block_device, gendisk } from './gendisk.js';
import { invalidate_bdev, sync_blockdev } from './page-cache.js';

/**
 * Tells the holder, which writes back unless this is a surprise; without one, what the
 * device file has cached is written.
 * Kernel: bdev_mark_dead(), block/bdev.c. Context: may sleep.
 */
export const bdev_mark_dead = kfn('bdev_mark_dead', function* (bdev: block_device, surprise: boolean): Steps<void> {
  yield* mutex_lock(bdev.bd_holder_lock);
  const ops = yield* load(bdev, 'bd_holder_ops');
  if (ops?.mark_dead !== undefined) yield* ops.mark_dead(bdev, surprise);
  else {
    yield* mutex_unlock(bdev.bd_holder_lock);
    yield* sync_blockdev(bdev);
  }
  yield* invalidate_bdev(bdev);
});

/** The partitions of a disk now, in order. Kernel: xa_for_each_start(part_tbl, 1). */
export function* partitionsOf(disk: gendisk): Steps<block_device[]> {
  const parts = (): block_device[] => [...disk.part_tbl].sort(([a], [b]) => a - b).map(([, part]) => part);
  const step = makeStep('xa_for_each', disk, 'part_tbl', 'read', { tells: parts });
  yield step;
  checkLive(disk);
  step.value = disk.part_tbl.size;
  return parts();
}

/** Kernel: blk_report_disk_dead(): tells whoever holds the whole disk, then who holds a partition. */
export const blk_report_disk_dead = kfn(
  'blk_report_disk_dead',
  function* (disk: gendisk, surprise: boolean): Steps<void> {
    yield* bdev_mark_dead(disk.part0, surprise);
    for (const part of yield* partitionsOf(disk)) {
      yield* get_device(part.bd_device);
      yield* bdev_mark_dead(part, surprise);
      yield* put_device(part.bd_device);
    }
  },
);
