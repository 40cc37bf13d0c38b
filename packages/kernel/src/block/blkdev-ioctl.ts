// SPDX-License-Identifier: GPL-2.0-only
import { capable, CAP_SYS_ADMIN } from '../cred/capability.js';
import { E } from '../errno/errno.js';
import { kfn } from '../kfn.js';
import { mutex_lock, mutex_unlock } from '../locks/mutex.js';
import { load } from '../memory/access.js';
import { checkLive } from '../memory/check.js';
import type { Steps } from '../step.js';
import { bdev_file } from './bdev-file.js';
import { bdevOf } from './bdev.js';
import { blkdev_pr_ioctl } from './blkdev-pr.js';
import { blkdev_report_zones_ioctl } from './blkdev-zones.js';
import {
  BLK_OPEN_READ,
  BLK_OPEN_WRITE,
  type blk_mode_t,
  type blk_unique_id,
  type hd_geometry,
} from './block-device-operations.js';
import { bdev_is_partition, type block_device, type gendisk } from './gendisk.js';
import { BLKFLSBUF, BLKREPORTZONE, BLKRRPART, HDIO_GETGEO } from './ioctl-numbers.js';
import { invalidate_bdev, sync_blockdev } from './page-cache.js';
import { disk_scan_partitions } from './scan-partitions.js';
import { toUser } from './user-memory.js';

/** What an ioctl is called on: an open file; a disk or block device stands for one open for reading and writing. */
export type IoctlTarget = gendisk | block_device | bdev_file;

const openOf = (target: IoctlTarget): { bdev: block_device; mode: blk_mode_t } =>
  target instanceof bdev_file
    ? { bdev: target.bdev, mode: target.f_mode }
    : { bdev: bdevOf(target), mode: BLK_OPEN_READ | BLK_OPEN_WRITE };

/** Kernel: blkdev_getgeo(). @returns 0, -EINVAL without an argument, -ENOTTY without the method, -EFAULT */
export const blkdev_getgeo = kfn('blkdev_getgeo', function* (bdev: block_device, arg: unknown): Steps<number> {
  const { getgeo } = bdev.bd_disk.fops;
  if (arg === undefined || arg === null) return -E.EINVAL;
  if (getgeo === undefined) return -E.ENOTTY;
  const geo: hd_geometry = { heads: 0, sectors: 0, cylinders: 0, start: bdev.bd_start_sect };
  const error = yield* getgeo(bdev.bd_disk, geo);
  if (error !== 0) return error;
  return toUser(arg, { ...geo }) ? 0 : -E.EFAULT;
});

/** Kernel: blkdev_flushbuf(): writes back what is cached, by the holder where there is one. */
function* flushBuffers(bdev: block_device): Steps<number> {
  if (!capable(CAP_SYS_ADMIN)) return -E.EACCES;
  yield* mutex_lock(bdev.bd_holder_lock);
  const ops = yield* load(bdev, 'bd_holder_ops');
  if (ops?.sync !== undefined) yield* ops.sync(bdev);
  else {
    yield* mutex_unlock(bdev.bd_holder_lock);
    yield* sync_blockdev(bdev);
  }
  yield* invalidate_bdev(bdev);
  return 0;
}

function* rereadPartitions(bdev: block_device, mode: blk_mode_t): Steps<number> {
  if (!capable(CAP_SYS_ADMIN)) return -E.EACCES;
  if (bdev_is_partition(bdev)) return -E.EINVAL;
  return yield* disk_scan_partitions(bdev.bd_disk, mode);
}

/** Kernel: blkdev_common_ioctl(): the commands of the block layer itself. @returns -ENOIOCTLCMD: none of them */
function* common(bdev: block_device, mode: blk_mode_t, cmd: number, arg: unknown): Steps<number> {
  switch (cmd) {
    case HDIO_GETGEO:
      return yield* blkdev_getgeo(bdev, arg);
    case BLKFLSBUF:
      return yield* flushBuffers(bdev);
    case BLKREPORTZONE:
      return yield* blkdev_report_zones_ioctl(bdev, arg);
    case BLKRRPART:
      return yield* rereadPartitions(bdev, mode);
    default:
      return yield* blkdev_pr_ioctl(bdev, mode, cmd, arg);
  }
}

/** Kernel: vfs_ioctl(): what nobody knows is ENOTTY to the caller. */
const toCaller = (result: number): number => (result === -E.ENOIOCTLCMD ? -E.ENOTTY : result);

/**
 * ioctl(2) of an open block device. Commands of the block layer that no model needs yet go
 * to the driver, as unknown ones do.
 * Kernel: blkdev_ioctl(), block/ioctl.c. Context: may sleep.
 * @returns -ENOTTY when neither the block layer nor the disk has the command
 */
export const blkdev_ioctl = kfn(
  'blkdev_ioctl',
  function* (target: IoctlTarget, cmd: number, arg: unknown): Steps<number> {
    const { bdev, mode } = openOf(target);
    checkLive(bdev);
    const result = yield* common(bdev, mode, cmd, arg);
    if (result !== -E.ENOIOCTLCMD) return result;
    const { ioctl } = bdev.bd_disk.fops;
    return ioctl === undefined ? -E.ENOTTY : toCaller(yield* ioctl(bdev, mode, cmd, arg));
  },
);

/** ioctl(2) of a caller with 32 bits. Kernel: compat_blkdev_ioctl(). @returns -ENOTTY without `compat_ioctl` */
export const compat_blkdev_ioctl = kfn(
  'compat_blkdev_ioctl',
  function* (target: IoctlTarget, cmd: number, arg: unknown): Steps<number> {
    const { bdev, mode } = openOf(target);
    checkLive(bdev);
    const result = yield* common(bdev, mode, cmd, arg);
    const { compat_ioctl } = bdev.bd_disk.fops;
    if (result !== -E.ENOIOCTLCMD || compat_ioctl === undefined) return toCaller(result);
    return toCaller(yield* compat_ioctl(bdev, mode, cmd, arg));
  },
);

/**
 * A `compat_ioctl` for a driver whose arguments are the same with 32 bits.
 * Kernel: blkdev_compat_ptr_ioctl(). @returns -ENOIOCTLCMD without `ioctl`
 */
export const blkdev_compat_ptr_ioctl = kfn(
  'blkdev_compat_ptr_ioctl',
  function* (bdev: block_device, mode: blk_mode_t, cmd: number, arg: unknown): Steps<number> {
    const { ioctl } = bdev.bd_disk.fops;
    return ioctl === undefined ? -E.ENOIOCTLCMD : yield* ioctl(bdev, mode, cmd, arg);
  },
);

/**
 * Asks as a stacked driver or the pNFS server does, through the disk's method. There is no
 * kernel function of this name: each user has these lines (dm_blk_get_unique_id()).
 * @returns the bytes of the identifier that `id` got; 0: none; or -errno
 */
export const disk_get_unique_id = kfn(
  'disk_get_unique_id',
  function* (disk: gendisk, id: number[], type: blk_unique_id): Steps<number> {
    const { get_unique_id } = disk.fops;
    return get_unique_id === undefined ? 0 : yield* get_unique_id(disk, id, type);
  },
);
