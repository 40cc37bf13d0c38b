// SPDX-License-Identifier: GPL-2.0-only
import { test_and_set_bit, test_bit } from '../bits/bits.js';
import { currentMachine } from '../current.js';
import { device_del } from '../device/device.js';
import { kfn, makeStep } from '../kfn.js';
import { mutex_lock, mutex_unlock } from '../locks/mutex.js';
import { READ_ONCE, WRITE_ONCE } from '../memory/access.js';
import { checkLive, checkPointer } from '../memory/check.js';
import { might_sleep } from '../sched/might-sleep.js';
import type { Steps } from '../step.js';
import { set_capacity } from './disk.js';
import { GD_DEAD, GD_OWNS_QUEUE, GENHD_FL_HIDDEN, type gendisk } from './gendisk.js';
import { blk_report_disk_dead, partitionsOf } from './mark-dead.js';
import { drop_partition } from './partitions.js';
import { blk_freeze_queue_start, blk_mq_freeze_queue_wait, blk_mq_unfreeze_queue } from './queue.js';

function* setDying(op: string, disk: gendisk, dying: boolean): Steps<void> {
  const { queue } = disk;
  yield makeStep(op, queue, 'q_usage_counter', 'use', queue.gateTraits);
  checkLive(queue);
  queue.dying = dying;
}

/** Kernel: __blk_mark_disk_dead(): no more I/O; who waits to enter gets an error. Once. */
function* markDead(disk: gendisk): Steps<void> {
  if (yield* test_and_set_bit(GD_DEAD, disk, 'state')) return;
  // Buffered writers dirty nothing more.
  yield* set_capacity(disk, 0);
  yield* blk_freeze_queue_start(disk.queue);
  yield* setDying('wake_freeze_waiters', disk, true);
}

/** Kernel: blk_mark_disk_dead(): also tells the holders that I/O fails from now on. */
export const blk_mark_disk_dead = kfn('blk_mark_disk_dead', function* (disk: gendisk): Steps<void> {
  yield* markDead(disk);
  yield* blk_report_disk_dead(disk, true);
});

/** Nobody finds the disk or a partition of it any more. */
function* unhash(disk: gendisk): Steps<void> {
  yield* mutex_lock(disk.open_mutex);
  yield* WRITE_ONCE(disk.part0, 'hashed', false);
  for (const part of yield* partitionsOf(disk)) yield* WRITE_ONCE(part, 'hashed', false);
  yield* mutex_unlock(disk.open_mutex);
}

function* dieAndDropPartitions(disk: gendisk): Steps<void> {
  yield* mutex_lock(disk.open_mutex);
  yield* markDead(disk);
  for (const part of yield* partitionsOf(disk)) yield* drop_partition(part);
  yield* mutex_unlock(disk.open_mutex);
}

/**
 * No new opens; the holders write back while the queue still takes I/O; then the disk is
 * dead and its partitions go; then it waits until nobody is inside the queue. GD_ADDED stays.
 * Kernel: del_gendisk(), block/genhd.c. Context: may sleep, no submit function of this disk below.
 */
export const del_gendisk = kfn('del_gendisk', function* (pointer: gendisk | null): Steps<void> {
  const disk = checkPointer(pointer, 'part0');
  might_sleep('del_gendisk', disk);
  const hidden = (disk.flags & GENHD_FL_HIDDEN) !== 0;
  if (!(yield* READ_ONCE(disk.part0, 'hashed')) && !hidden) {
    currentMachine().report('warning', 'WARNING: del_gendisk: disk is not live', disk);
    return;
  }
  yield* unhash(disk);
  if (!(yield* test_bit(GD_DEAD, disk, 'state'))) yield* blk_report_disk_dead(disk, false);
  yield* dieAndDropPartitions(disk);
  yield* device_del(disk.device);
  yield* blk_mq_freeze_queue_wait(disk.queue);
  // A queue that outlives its disk takes passthrough requests again, and perhaps another disk.
  if (yield* test_bit(GD_OWNS_QUEUE, disk, 'state')) return;
  yield* setDying('blk_queue_flag_clear', disk, false);
  yield* blk_mq_unfreeze_queue(disk.queue);
});
