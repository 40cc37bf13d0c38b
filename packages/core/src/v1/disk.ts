// SPDX-License-Identifier: GPL-2.0-only
import {
  blk_alloc_disk,
  E,
  GD_SUPPRESS_PART_SCAN,
  kfn,
  kfree,
  kref_get_unless_zero,
  kref_init,
  kref_put,
  kzalloc,
  load,
  put_disk,
  set_bit,
  store,
  work_struct,
  type block_device_operations,
  type DiskOptions,
  type LimitOptions,
  type Steps,
} from '@libmultipath/kernel';
import { scan_partitions } from '../disk/partition-scan.js';
import { remove_live_disk } from '../disk/remove-disk.js';
import { mpath_head_del_cdev } from '../disk/unremembered-cdev.js';
import { mpath_put_head } from '../references/kref-head.js';
import { head_of_disk } from './head-of-disk.js';
import { kick } from './kick.js';
import { mpath_disk, type mpath_device, type mpath_head } from './structures.js';

/** Kernel: `multipath_partition_scan_work()`, v1 patch 02. Context: `mpath-wq`. */
const multipath_partition_scan_work = kfn('multipath_partition_scan_work', function* (disk: mpath_disk): Steps<void> {
  yield* scan_partitions(yield* load(disk, 'disk'));
});

/**
 * Neither `partition_scan_work` nor the head's `requeue_work` is flushed; and the head's reference that
 * it drops is none that the allocation of the disk took.
 * Kernel: `mpath_free_disk()`, v1 patch 02.
 */
const mpath_free_disk = kfn('mpath_free_disk', function* (disk: mpath_disk): Steps<void> {
  const head = yield* head_of_disk(disk);
  yield* put_disk(yield* load(disk, 'disk'));
  yield* mpath_put_head(head);
  yield* kfree(disk);
});

/**
 * Kernel: `mpath_get_disk()`, v1 patch 02. 0, or -ENXIO when the count is already 0.
 * Mainline: `nvme_tryget_ns_head()`.
 */
export const mpath_get_disk = kfn('mpath_get_disk', function* (disk: mpath_disk): Steps<number> {
  return (yield* kref_get_unless_zero(disk.ref)) ? 0 : -E.ENXIO;
});

/**
 * Kernel: `mpath_put_disk()`, v1 patch 02. The last put frees the disk and puts the head.
 * Mainline: `nvme_mpath_put_disk()`.
 */
export const mpath_put_disk = kfn('mpath_put_disk', function* (disk: mpath_disk): Steps<void> {
  yield* kref_put(disk.ref, () => mpath_free_disk(disk));
});

/**
 * The driver then sets `mpath_head` and `parent`, and names the disk. No reference on the head is taken.
 * Kernel: `mpath_alloc_head_disk()`, v1 patch 02. Context: may sleep.
 * Mainline: `nvme_mpath_alloc_disk()`.
 * @returns the disk, of which the caller has the one reference; with `mayFail` perhaps null, for whatever reason
 */
export const make_alloc_head_disk = (mpath_ops: block_device_operations) =>
  kfn(
    'mpath_alloc_head_disk',
    function* (numa_node: number, options: LimitOptions & DiskOptions = {}): Steps<mpath_disk | null> {
      const disk = yield* kzalloc(() => new mpath_disk(), { mayFail: 'declared', ...options });
      if (disk === null) return null;
      disk.partition_scan_work = new work_struct(
        disk,
        () => multipath_partition_scan_work(disk),
        'partition_scan_work',
      );
      yield* kref_init(disk.ref);
      const gendisk = yield* blk_alloc_disk(numa_node, { mayFail: 'declared', ...options });
      if (typeof gendisk === 'number') {
        yield* kfree(disk);
        return null;
      }
      yield* store(disk, 'disk', gendisk);
      gendisk.private_data = disk;
      gendisk.fops = mpath_ops;
      yield* set_bit(GD_SUPPRESS_PART_SCAN, gendisk, 'state');
      return disk;
    },
  );

/**
 * Takes the disk out of the system, once per live period.
 * Kernel: `mpath_remove_disk()`, v1 patches 02 and 06. Context: may sleep, no lock held. References: none.
 * Mainline: `nvme_remove_head()`.
 */
export const mpath_remove_disk = kfn('mpath_remove_disk', function* (disk: mpath_disk): Steps<void> {
  const head = yield* head_of_disk(disk);
  yield* remove_live_disk(head, () => load(disk, 'disk'), {
    kick,
    remove_cdev: mpath_head_del_cdev<mpath_device, mpath_head>,
  });
});

/**
 * Kernel: `mpath_unregister_disk()`, v1 patch 02. Context: may sleep. References: drops the caller's on the disk.
 * Mainline: `nvme_remove_head()` and `nvme_mpath_put_disk()`.
 */
export const mpath_unregister_disk = kfn('mpath_unregister_disk', function* (disk: mpath_disk): Steps<void> {
  yield* mpath_remove_disk(disk);
  yield* mpath_put_disk(disk);
});
