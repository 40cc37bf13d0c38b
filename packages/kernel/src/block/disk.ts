// SPDX-License-Identifier: GPL-2.0-only
import { test_bit } from '../bits/bits.js';
import { kobject_uevent, put_device } from '../device/device.js';
import { E } from '../errno/errno.js';
import { kfn } from '../kfn.js';
import { READ_ONCE, WRITE_ONCE } from '../memory/access.js';
import { kfree } from '../memory/alloc.js';
import { refused, type Fallible } from '../memory/failable.js';
import { checkPointer } from '../memory/check.js';
import { pr_info_ratelimited } from '../printk/printk.js';
import type { Steps } from '../step.js';
import { gendisk, GD_ADDED, GD_OWNS_QUEUE, GENHD_FL_HIDDEN } from './gendisk.js';
import { queueLimits, type queue_limits } from './queue-limits.js';
import type { request_queue } from './request-queue.js';

/** May the function fail? See {@link refused}. */
export type DiskOptions = Fallible;

/** Limits of the disk's own queue; what is left out has no bound. */
export interface LimitOptions {
  readonly lim?: Partial<queue_limits>;
}

/** Kernel: disk_release(). The driver hears of it when the disk was added once. */
function* release(disk: gendisk): Steps<void> {
  const { free_disk } = disk.fops;
  if (free_disk !== undefined && (yield* test_bit(GD_ADDED, disk, 'state'))) yield* free_disk(disk);
  yield* kfree(disk);
}

const withRelease = (disk: gendisk): gendisk => {
  disk.device.release = () => release(disk);
  return disk;
};

/**
 * Kernel: blk_alloc_disk(): a bio based disk, reference count 1.
 * @param node NUMA node of the memory
 * @returns the disk; with `mayFail` perhaps -ENOMEM (the kernel's error pointer)
 */
export function blk_alloc_disk(node: number, options?: LimitOptions & { readonly mayFail?: false }): Steps<gendisk>;
export function blk_alloc_disk(node: number, options: LimitOptions & DiskOptions): Steps<gendisk | number>;
export function* blk_alloc_disk(
  node: number,
  { lim, mayFail }: LimitOptions & DiskOptions = {},
): Steps<gendisk | number> {
  if (yield* refused('blk_alloc_disk', 'gendisk', mayFail === undefined ? {} : { mayFail })) return -E.ENOMEM;
  const disk = new gendisk('', node);
  disk.state = 1 << GD_OWNS_QUEUE;
  if (lim !== undefined) disk.queue.limits = queueLimits(lim);
  return withRelease(disk);
}

/** Kernel: blk_mq_alloc_disk(): a request based disk; its `fops` have a `queue_bio`. */
export const blk_mq_alloc_disk = (node: number, options: LimitOptions = {}): Steps<gendisk> =>
  blk_alloc_disk(node, { ...options, mayFail: false });

/** Kernel: blk_mq_alloc_disk_for_queue(): a disk on a queue of somebody else, which takes requests after it, too. */
export function* blk_mq_alloc_disk_for_queue(queue: request_queue, node: number): Steps<gendisk> {
  return withRelease(new gendisk('', node, queue));
}

/** Kernel: set_capacity(), in sectors of 512 bytes. */
export const set_capacity = (disk: gendisk | null, sectors: number): Steps<void> =>
  WRITE_ONCE(checkPointer(disk, 'part0').part0, 'bd_nr_sectors', sectors);

/** Kernel: get_capacity(). */
export const get_capacity = (disk: gendisk | null): Steps<number> =>
  READ_ONCE(checkPointer(disk, 'part0').part0, 'bd_nr_sectors');

/**
 * Says so when the size of a disk changes that can be opened; a uevent when neither size is 0.
 * Kernel: set_capacity_and_notify(), block/genhd.c. @returns was there a uevent
 */
export function* set_capacity_and_notify(pointer: gendisk | null, sectors: number): Steps<boolean> {
  const disk = checkPointer(pointer, 'part0');
  const old = yield* get_capacity(disk);
  yield* set_capacity(disk, sectors);
  if (old === sectors || (disk.flags & GENHD_FL_HIDDEN) !== 0) return false;
  if (!(yield* READ_ONCE(disk.part0, 'hashed'))) return false;
  pr_info_ratelimited(`${disk.disk_name}: detected capacity change from ${String(old)} to ${String(sectors)}`);
  if (old === 0 || sectors === 0) return false;
  kobject_uevent(disk.device.kobj, 'change');
  return true;
}

/** Kernel: put_disk(): nothing for NULL; else the memory goes with the last reference. */
export const put_disk = kfn('put_disk', function* (disk: gendisk | null): Steps<void> {
  if (disk !== null) yield* put_device(disk.device);
});
