// SPDX-License-Identifier: GPL-2.0-only
import {
  blk_alloc_disk,
  delayed_work,
  E,
  GD_SUPPRESS_PART_SCAN,
  kfn,
  set_bit,
  store,
  type block_device_operations,
  type DiskOptions,
  type Steps,
} from '@libmultipath/kernel';
import type { mpath_device_base } from '../structures/mpath-device-base.js';
import type { mpath_head_with_disk } from '../structures/mpath-head-with-disk.js';
import { error_pointer } from './error-pointer.js';

/** Where v2 and v3 differ in allocating the disk. */
export interface AllocHeadDiskParts<H> {
  /** Is the head, or its template, not fit for a disk? */
  readonly is_refused: (head: H) => boolean;
  readonly mpath_ops: block_device_operations;
  readonly mpath_remove_head_work: (head: H) => Steps<void>;
  /** What else a new disk means for the head. */
  readonly note_allocation?: (head: H) => Steps<void>;
}

/**
 * Allocates the disk straight into `head->disk`; naming it is the driver's business.
 * Kernel: `mpath_alloc_head_disk()`, patches 02 and 06 of v3, 02 and 07 of v2. Context: may sleep.
 * References: the head owns the disk's one.
 * Mainline: `nvme_mpath_alloc_disk()`.
 *
 * @returns 0; -EINVAL when the head is refused; with `mayFail` perhaps -ENOMEM, and
 * `head->disk` then holds the error pointer
 */
export const make_alloc_head_disk = <D extends mpath_device_base, H extends mpath_head_with_disk<D>>(
  parts: AllocHeadDiskParts<H>,
) =>
  kfn('mpath_alloc_head_disk', function* (head: H, numa_node: number, options: DiskOptions = {}): Steps<number> {
    const base: mpath_head_with_disk<D> = head;
    if (parts.is_refused(head)) return -E.EINVAL;
    const disk = yield* blk_alloc_disk(numa_node, { mayFail: 'declared', ...options });
    if (typeof disk === 'number') {
      yield* store(base, 'disk', error_pointer(disk, numa_node));
      return disk;
    }
    yield* store(base, 'disk', disk);
    disk.private_data = head;
    disk.fops = parts.mpath_ops;
    head.remove_work = new delayed_work(head, () => parts.mpath_remove_head_work(head), 'remove_work');
    if (parts.note_allocation !== undefined) yield* parts.note_allocation(head);
    yield* store(base, 'delayed_removal_secs', 0);
    yield* set_bit(GD_SUPPRESS_PART_SCAN, disk, 'state');
    return 0;
  });
