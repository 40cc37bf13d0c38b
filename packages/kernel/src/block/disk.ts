// SPDX-License-Identifier: GPL-2.0-only
import { currentMachine } from '../current.js';
import { device_add, device_del, kobject_uevent, put_device, type device } from '../device/device.js';
import type { attribute_group } from '../device/kobject.js';
import { E } from '../errno/errno.js';
import { kfn, makeStep } from '../kfn.js';
import { mutex_lock, mutex_unlock } from '../locks/mutex.js';
import { READ_ONCE, WRITE_ONCE } from '../memory/access.js';
import { kfree } from '../memory/alloc.js';
import { checkLive, checkPointer } from '../memory/check.js';
import { might_sleep } from '../sched/might-sleep.js';
import { clear_bit, set_bit, test_and_set_bit, test_bit } from '../bits/bits.js';
import type { Steps } from '../step.js';
import { gendisk, GD_ADDED, GD_DEAD, GD_OWNS_QUEUE, GD_SUPPRESS_PART_SCAN, GENHD_FL_HIDDEN } from './gendisk.js';
import { bdev_disk_changed } from './partitions.js';
import { blk_freeze_queue_start, blk_mq_freeze_queue_wait, blk_mq_unfreeze_queue } from './queue.js';

export interface DiskOptions {
  /** The environment may choose that the function fails: one branching step. */
  readonly mayFail?: boolean;
}

/**
 * Kernel: blk_alloc_disk(): a bio based disk, reference count 1.
 * @param node NUMA node of the memory
 * @returns the disk; with `mayFail` perhaps -ENOMEM (the kernel's error pointer)
 */
export function blk_alloc_disk(node: number): Steps<gendisk>;
export function blk_alloc_disk(node: number, options: DiskOptions): Steps<gendisk | number>;
export function* blk_alloc_disk(node: number, options: DiskOptions = {}): Steps<gendisk | number> {
  if (options.mayFail === true) {
    const step = makeStep('blk_alloc_disk', currentMachine().clock, 'memory', 'read', { branches: 2 });
    yield step;
    if (step.branch === 1) return -E.ENOMEM;
  }
  const disk = new gendisk('', node);
  disk.state = 1 << GD_OWNS_QUEUE;
  disk.device.release = function* () {
    if (disk.fops.free_disk !== undefined) yield* disk.fops.free_disk(disk);
    yield* kfree(disk);
  };
  return disk;
}

/** Kernel: blk_mq_alloc_disk(): a request based disk; its `fops` have a `queue_bio`. */
export const blk_mq_alloc_disk = (node: number): Steps<gendisk> => blk_alloc_disk(node);

/** Kernel: set_capacity(), in sectors of 512 bytes. */
export const set_capacity = (disk: gendisk | null, sectors: number): Steps<void> =>
  WRITE_ONCE(checkPointer(disk, 'part0').part0, 'bd_nr_sectors', sectors);

/** Kernel: get_capacity(). */
export const get_capacity = (disk: gendisk | null): Steps<number> =>
  READ_ONCE(checkPointer(disk, 'part0').part0, 'bd_nr_sectors');

/** Kernel: set_capacity_and_notify(): a uevent when a live disk changes between two sizes. @returns true then */
export function* set_capacity_and_notify(pointer: gendisk | null, sectors: number): Steps<boolean> {
  const disk = checkPointer(pointer, 'part0');
  const old = yield* get_capacity(disk);
  yield* set_capacity(disk, sectors);
  if (old === sectors || old === 0 || sectors === 0 || !disk.part0.hashed) return false;
  kobject_uevent(disk.device.kobj, 'change');
  return true;
}

/**
 * The device, then the disk becomes visible (opens and I/O are possible), then the
 * partitions are read unless that is suppressed.
 * Kernel: device_add_disk(), block/genhd.c. Context: may sleep.
 * @returns 0, -EEXIST, or with `mayFail` perhaps -ENOMEM
 */
export const device_add_disk = kfn(
  'device_add_disk',
  function* (
    parent: device | null,
    pointer: gendisk | null,
    groups: readonly attribute_group[] | null = null,
    options: DiskOptions = {},
  ): Steps<number> {
    const disk = checkPointer(pointer, 'part0');
    might_sleep('device_add_disk', disk);
    if (options.mayFail === true) {
      const step = makeStep('device_add_disk', disk, 'state', 'read', { branches: 2 });
      yield step;
      if (step.branch === 1) return -E.ENOMEM;
    }
    checkLive(disk);
    disk.device.parent = parent;
    disk.device.groups = groups ?? [];
    const error = yield* device_add(disk.device);
    if (error !== 0) return error;
    yield* set_bit(GD_ADDED, disk, 'state');
    if ((disk.flags & GENHD_FL_HIDDEN) !== 0) return 0;
    yield* WRITE_ONCE(disk.part0, 'hashed', true);
    const hasSize = (yield* get_capacity(disk)) > 0;
    if (hasSize && !(yield* test_bit(GD_SUPPRESS_PART_SCAN, disk, 'state'))) {
      yield* mutex_lock(disk.open_mutex);
      yield* bdev_disk_changed(disk);
      yield* mutex_unlock(disk.open_mutex);
    }
    return 0;
  },
);

/** Kernel: __blk_mark_disk_dead(): no more I/O; who waits to enter gets an error. @returns false when it was dead */
function* markDead(disk: gendisk): Steps<boolean> {
  if (yield* test_and_set_bit(GD_DEAD, disk, 'state')) return false;
  const { queue } = disk;
  yield* set_capacity(disk, 0);
  yield* blk_freeze_queue_start(queue);
  yield makeStep('wake_freeze_waiters', queue, 'q_usage_counter', 'update');
  checkLive(queue);
  queue.dying = true;
  return true;
}

/** Kernel: blk_mark_disk_dead(): also tells the holder that I/O fails from now on. */
export const blk_mark_disk_dead = kfn('blk_mark_disk_dead', function* (disk: gendisk): Steps<void> {
  yield* markDead(disk);
  if (disk.holder !== null) yield* disk.holder.mark_dead(disk, true);
});

/**
 * No new opens; the holder writes back while the queue still takes I/O; then the disk is
 * dead; then it waits until nobody is inside the queue.
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
  yield* mutex_lock(disk.open_mutex);
  yield* WRITE_ONCE(disk.part0, 'hashed', false);
  yield* mutex_unlock(disk.open_mutex);
  if (!(yield* test_bit(GD_DEAD, disk, 'state')) && disk.holder !== null) yield* disk.holder.mark_dead(disk, false);
  yield* mutex_lock(disk.open_mutex);
  const drain = yield* markDead(disk);
  yield* mutex_unlock(disk.open_mutex);
  yield* device_del(disk.device);
  yield* blk_mq_freeze_queue_wait(disk.queue);
  yield* clear_bit(GD_ADDED, disk, 'state');
  // A queue that outlives its disk takes passthrough requests again.
  if (drain && !(yield* test_bit(GD_OWNS_QUEUE, disk, 'state'))) yield* blk_mq_unfreeze_queue(disk.queue);
});

/** Kernel: put_disk(): nothing for NULL; else the memory goes with the last reference. */
export const put_disk = kfn('put_disk', function* (disk: gendisk | null): Steps<void> {
  if (disk !== null) yield* put_device(disk.device);
});
