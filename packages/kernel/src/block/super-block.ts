// SPDX-License-Identifier: GPL-2.0-only
import { E } from '../errno/errno.js';
import { kfn } from '../kfn.js';
import { mutex_unlock } from '../locks/mutex.js';
import { down_read, down_write, rw_semaphore, up_read, up_write } from '../locks/rw-semaphore.js';
import { READ_ONCE, WRITE_ONCE } from '../memory/access.js';
import { kfree } from '../memory/alloc.js';
import { KObject } from '../object.js';
import { kref, kref_get, kref_put } from '../refcount/kref.js';
import type { Steps } from '../step.js';
import { address_space } from './address-space.js';
import { bdev_open, bdev_release } from './bdev.js';
import { BLK_OPEN_READ, BLK_OPEN_WRITE, type blk_mode_t } from './block-device-operations.js';
import type { blk_holder_ops, block_device } from './gendisk.js';
import { filemap_dirty_folio, filemap_write_and_wait, sync_blockdev } from './page-cache.js';

const SECTOR_SIZE = 512;

/**
 * Kernel: struct super_block: a file system that is mounted from a block device, with one
 * file that lies on the device sector for sector.
 */
export class super_block extends KObject {
  readonly s_umount = new rw_semaphore(this);
  /** References on the memory alone. */
  readonly s_count = new kref(this, 1);
  /** What is cached of the file. */
  readonly i_mapping = new address_space(this);
  /** Unmounted: nobody is told anything any more. */
  dying = false;
  /** The device went away: nothing more can be written. */
  shutdown = false;

  constructor(readonly s_bdev: block_device) {
    super();
  }
}

/** Kernel: sync_filesystem(): the file, then the device. Context: `s_umount` held. @returns 0 or -EIO */
export const sync_filesystem = kfn('sync_filesystem', function* (sb: super_block): Steps<number> {
  const error = yield* filemap_write_and_wait(sb.i_mapping, sb.s_bdev);
  const second = yield* sync_blockdev(sb.s_bdev);
  return error === 0 ? second : error;
});

const putSuper = (sb: super_block): Steps<boolean> => kref_put(sb.s_count, () => kfree(sb));

/**
 * Writes back while the device still takes it, unless it is gone by surprise; then the file
 * system is shut down.
 * Kernel: fs_bdev_mark_dead(), fs/super.c. Context: `bd_holder_lock` held; it is given back.
 */
const fs_bdev_mark_dead = kfn('fs_bdev_mark_dead', function* (bdev: block_device, surprise: boolean): Steps<void> {
  const sb = bdev.bd_holder;
  if (!(sb instanceof super_block)) throw new TypeError('the holder of a mounted device is its super block');
  yield* kref_get(sb.s_count);
  yield* mutex_unlock(bdev.bd_holder_lock);
  yield* down_read(sb.s_umount);
  if (!(yield* READ_ONCE(sb, 'dying'))) {
    if (!surprise) yield* sync_filesystem(sb);
    yield* WRITE_ONCE(sb, 'shutdown', true);
  }
  yield* up_read(sb.s_umount);
  yield* putSuper(sb);
});

/** Kernel: fs_holder_ops. */
export const fs_holder_ops: blk_holder_ops = { mark_dead: fs_bdev_mark_dead };

/**
 * Mounts: claims the device for the file system. Kernel: get_tree_bdev(). Context: may sleep.
 * @returns the super block, or what bdev_open() gave
 */
export const mount_bdev = kfn(
  'mount_bdev',
  function* (bdev: block_device, mode: blk_mode_t = BLK_OPEN_READ | BLK_OPEN_WRITE): Steps<super_block | number> {
    const sb = new super_block(bdev);
    const error = yield* bdev_open(bdev, mode, sb, fs_holder_ops);
    return error === 0 ? sb : error;
  },
);

/**
 * write(2) of the file: the data waits in the cache. Kernel: generic_file_write_iter().
 * @returns bytes written, or -EIO once the device went away
 */
export const generic_file_write_iter = kfn(
  'generic_file_write_iter',
  function* (sb: super_block, sector: number, sectors: number): Steps<number> {
    if (yield* READ_ONCE(sb, 'shutdown')) return -E.EIO;
    yield* filemap_dirty_folio(sb.i_mapping, sector, sectors);
    return sectors * SECTOR_SIZE;
  },
);

/** fsync(2) of the file. Kernel: vfs_fsync(). Context: may sleep. @returns 0 or -EIO */
export const vfs_fsync = (sb: super_block): Steps<number> => filemap_write_and_wait(sb.i_mapping, sb.s_bdev);

/** Unmounts: writes back and closes the device. Kernel: kill_block_super(). Context: may sleep. */
export const kill_block_super = kfn('kill_block_super', function* (sb: super_block): Steps<void> {
  yield* down_write(sb.s_umount);
  yield* sync_filesystem(sb);
  yield* WRITE_ONCE(sb, 'dying', true);
  yield* up_write(sb.s_umount);
  yield* bdev_release(sb.s_bdev, sb);
  yield* putSuper(sb);
});
