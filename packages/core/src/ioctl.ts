// SPDX-License-Identifier: GPL-2.0-only
import {
  currentMachine,
  E,
  kfn,
  srcu_read_lock,
  srcu_read_unlock,
  type block_device,
  type KObject,
  type Steps,
} from '@libmultipath/kernel';
import { callbacks, disk_of } from './callbacks.js';
import { mpath_find_path } from './select.js';
import type { mpath_device, mpath_head } from './structures.js';

/** Calls `ioctl` with a path: inside the SRCU section, or outside it when the driver gave an object to hold on to. */
function* withPath(head: mpath_head, cmd: number, ioctl: (dev: mpath_device) => Steps<number>): Steps<number> {
  const { ioctl_begin, ioctl_finish } = callbacks(head);
  const idx = yield* srcu_read_lock(head.srcu);
  const dev = yield* mpath_find_path(head);
  if (dev === null) {
    yield* srcu_read_unlock(head.srcu, idx);
    return -E.EWOULDBLOCK;
  }
  const opaque: KObject | null = ioctl_begin === undefined ? null : yield* ioctl_begin(dev, cmd);
  if (opaque !== null) yield* srcu_read_unlock(head.srcu, idx);
  const result = yield* ioctl(dev);
  if (opaque === null) yield* srcu_read_unlock(head.srcu, idx);
  else if (ioctl_finish !== undefined) yield* ioctl_finish(opaque);
  return result;
}

/** The path's own method, on its whole disk, not tested for being there. */
function* forward(dev: mpath_device, cmd: number, arg: unknown): Steps<number> {
  const disk = yield* disk_of(dev);
  const { ioctl } = disk.fops;
  if (ioctl === undefined) {
    const message = 'BUG: kernel NULL pointer dereference: block_device_operations.ioctl';
    return currentMachine().oops('null-dereference', message, disk);
  }
  return yield* ioctl(disk.part0, cmd, arg);
}

/**
 * Passes an ioctl to the path that a bio would go to. Whether the caller opened a partition is lost.
 * Kernel: `mpath_bdev_ioctl()`, v3 patch 11. Context: may sleep.
 * @returns what the path's method gave, or -EWOULDBLOCK without a path
 */
export const mpath_bdev_ioctl = kfn(
  'mpath_bdev_ioctl',
  (head: mpath_head, _bdev: block_device, cmd: number, arg: unknown): Steps<number> =>
    withPath(head, cmd, (dev) => forward(dev, cmd, arg)),
);

/**
 * Passes an ioctl of the char device to the driver, with a path.
 * Kernel: `mpath_chr_ioctl()`, v3 patch 07. Context: may sleep.
 * @returns what `cdev_ioctl` gave, or -EWOULDBLOCK without a path
 */
export const mpath_chr_ioctl = kfn(
  'mpath_chr_ioctl',
  (head: mpath_head, cmd: number, arg: unknown, open_for_write: boolean): Steps<number> =>
    withPath(head, cmd, (dev) => {
      const { cdev_ioctl } = callbacks(head);
      if (cdev_ioctl !== undefined) return cdev_ioctl(dev, cmd, arg, open_for_write);
      const message = 'BUG: kernel NULL pointer dereference: mpath_head_template.cdev_ioctl';
      return currentMachine().oops('null-dereference', message, head);
    }),
);
