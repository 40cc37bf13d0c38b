// SPDX-License-Identifier: GPL-2.0-only
import { kfn, type blk_mode_t, type block_device, type Steps } from '@libmultipath/kernel';
import type { mpath_device_base } from '../structures/mpath-device-base.js';
import { disk_of, nullPointer } from '../structures/null-pointer.js';
import { ioctl_with_path, type head_with_ioctl_pair } from './with-path.js';

/** The path's own method, on its whole disk, not tested for being there. */
function* forward(dev: mpath_device_base, mode: blk_mode_t, cmd: number, arg: unknown): Steps<number> {
  const disk = yield* disk_of(dev);
  const { ioctl } = disk.fops;
  if (ioctl === undefined) return nullPointer('block_device_operations.ioctl', disk);
  return yield* ioctl(disk.part0, mode, cmd, arg);
}

/**
 * Passes an ioctl to the path that a bio would go to. Whether the caller opened a partition is lost.
 * Kernel: `mpath_bdev_ioctl()`, v2 and v3 patch 11. Context: may sleep.
 * @returns what the path's method gave, or -EWOULDBLOCK without a path
 */
export const make_bdev_ioctl = <D extends mpath_device_base, H extends head_with_ioctl_pair<D>>(
  mpath_find_path: (head: H) => Steps<D | null>,
) =>
  kfn('mpath_bdev_ioctl', (head: H, _bdev: block_device, mode: blk_mode_t, cmd: number, arg: unknown): Steps<number> =>
    ioctl_with_path<D, H>(head, mpath_find_path, cmd, (dev) => forward(dev, mode, cmd, arg)),
  );
