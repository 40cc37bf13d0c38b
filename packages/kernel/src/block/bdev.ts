// SPDX-License-Identifier: GPL-2.0-only
import { get_device, put_device } from '../device/device.js';
import { E } from '../errno/errno.js';
import { kfn, makeStep } from '../kfn.js';
import { mutex_lock, mutex_unlock } from '../locks/mutex.js';
import { load, READ_ONCE, store } from '../memory/access.js';
import { checkLive } from '../memory/check.js';
import { module_put, try_module_get } from '../module/module.js';
import type { Steps } from '../step.js';
import { GENHD_FL_HIDDEN, type gendisk } from './gendisk.js';

/** Kernel: blkdev_get_no_open(): finds the device by its number and takes a reference, in one step. */
function* lookup(disk: gendisk): Steps<boolean> {
  const ref = disk.device.kref.refcount;
  const step = makeStep('blkdev_get_no_open', ref, 'refs', 'update', {
    also: [{ object: disk.part0, field: 'hashed', access: 'read' }],
  });
  yield step;
  // Nobody can find a disk that was never added, is deleted, or is gone with its memory.
  const found = disk.alloc.freedAt === undefined && disk.part0.hashed && ref.refs > 0;
  if (found) ref.refs++;
  step.value = found;
  return found;
}

/**
 * Opens the disk as a file would.
 * Kernel: bdev_open(). Context: may sleep.
 * @returns 0; -ENXIO: no such device, or its module is going; or what `fops.open` gave
 */
export const bdev_open = kfn('bdev_open', function* (disk: gendisk): Steps<number> {
  if ((disk.flags & GENHD_FL_HIDDEN) !== 0 || !(yield* lookup(disk))) return -E.ENXIO;
  yield* mutex_lock(disk.open_mutex);
  let error = 0;
  if (!(yield* READ_ONCE(disk.part0, 'hashed'))) error = -E.ENXIO;
  else if (!(yield* try_module_get(disk.fops.owner))) error = -E.ENXIO;
  else {
    if (disk.fops.open !== undefined) error = yield* disk.fops.open(disk);
    if (error === 0) yield* store(disk.part0, 'bd_openers', (yield* load(disk.part0, 'bd_openers')) + 1);
    else yield* module_put(disk.fops.owner);
  }
  yield* mutex_unlock(disk.open_mutex);
  if (error !== 0) yield* put_device(disk.device);
  return error;
});

/** Kernel: bdev_release(), the close of an open file. Context: may sleep. */
export const bdev_release = kfn('bdev_release', function* (disk: gendisk): Steps<void> {
  yield* mutex_lock(disk.open_mutex);
  yield* store(disk.part0, 'bd_openers', (yield* load(disk.part0, 'bd_openers')) - 1);
  if (disk.fops.release !== undefined) yield* disk.fops.release(disk);
  yield* mutex_unlock(disk.open_mutex);
  yield* module_put(disk.fops.owner);
  yield* put_device(disk.device);
});

/** Kernel: blkdev_ioctl() of a file that is open. @returns -ENOTTY when the disk has none */
export const blkdev_ioctl = kfn('blkdev_ioctl', function* (disk: gendisk, cmd: number, arg: unknown): Steps<number> {
  checkLive(disk);
  return disk.fops.ioctl === undefined ? -E.ENOTTY : yield* disk.fops.ioctl(disk.part0, cmd, arg);
});

/** Takes another reference on the disk for its user. Kernel: get_device(disk_to_dev(disk)). */
export const get_disk = (disk: gendisk): Steps<void> => get_device(disk.device);
