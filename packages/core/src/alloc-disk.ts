// SPDX-License-Identifier: GPL-2.0-only
import {
  blk_alloc_disk,
  currentMachine,
  delayed_work,
  E,
  gendisk,
  GD_SUPPRESS_PART_SCAN,
  kfn,
  set_bit,
  store,
  type DiskOptions,
  type Steps,
} from '@libmultipath/kernel';
import { callbacks } from './callbacks.js';
import { mpath_remove_head_work } from './delayed-removal.js';
import { mpath_ops } from './operations.js';
import type { mpath_head } from './structures.js';

/** Half a pair of callbacks is refused before anything is made. */
const is_broken = (head: mpath_head): boolean => {
  const { add_cdev, del_cdev, cdev_ioctl, ioctl_begin, ioctl_finish } = callbacks(head);
  const has = (callback: unknown): boolean => callback !== undefined;
  return has(ioctl_begin) !== has(ioctl_finish) || has(add_cdev) !== has(del_cdev) || has(add_cdev) !== has(cdev_ioctl);
};

/** Kernel: `ERR_PTR()`: no NULL, and whoever follows it faults. */
const error_pointer = (errno: number, numa_node: number): gendisk => {
  const pointer = new gendisk(`ERR_PTR(${String(errno)})`, numa_node);
  pointer.alloc.freedAt = currentMachine().here();
  return pointer;
};

/**
 * Allocates the disk straight into `head->disk`; naming it is the driver's business.
 * Kernel: `mpath_alloc_head_disk()`, v3 patches 02 and 06. Context: may sleep. References: the head owns the disk's one.
 *
 * @returns 0; -EINVAL without `disk_groups`, `parent` or `iopolicy`, then for half a pair
 * of callbacks; with `mayFail` perhaps -ENOMEM, and `head->disk` then holds the error pointer
 */
export const mpath_alloc_head_disk = kfn(
  'mpath_alloc_head_disk',
  function* (head: mpath_head, numa_node: number, options: DiskOptions = {}): Steps<number> {
    if (head.disk_groups === null || head.parent === null || head.iopolicy === null) return -E.EINVAL;
    if (is_broken(head)) return -E.EINVAL;
    const disk = yield* blk_alloc_disk(numa_node, options);
    if (typeof disk === 'number') {
      yield* store(head, 'disk', error_pointer(disk, numa_node));
      return disk;
    }
    yield* store(head, 'disk', disk);
    disk.private_data = head;
    disk.fops = mpath_ops;
    head.remove_work = new delayed_work(head, () => mpath_remove_head_work(head), 'remove_work');
    yield* store(head, 'delayed_removal_secs', 0);
    yield* set_bit(GD_SUPPRESS_PART_SCAN, disk, 'state');
    return 0;
  },
);
