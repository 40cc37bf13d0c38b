// SPDX-License-Identifier: GPL-2.0-only
import { clear_bit, test_bit } from '../bits/bits.js';
import { device_add, device_del, get_device, kobject_uevent, put_device } from '../device/device.js';
import { E } from '../errno/errno.js';
import { kfn, makeStep } from '../kfn.js';
import { load, READ_ONCE, WRITE_ONCE } from '../memory/access.js';
import { kfree } from '../memory/alloc.js';
import { checkLive } from '../memory/check.js';
import { pr_warn, WARN_ON_ONCE } from '../printk/printk.js';
import type { Steps } from '../step.js';
import { completion, complete, wait_for_completion } from '../wait/completion.js';
import { bio, REQ_OP_READ } from './bio.js';
import { BLK_STS_OK } from './blk-status.js';
import {
  block_device,
  GD_NEED_PART_SCAN,
  GD_SUPPRESS_PART_SCAN,
  GENHD_FL_HIDDEN,
  GENHD_FL_NO_PART,
  GENHD_FL_REMOVABLE,
  type gendisk,
  type partition_entry,
} from './gendisk.js';
import { partitionsOf } from './mark-dead.js';
import { invalidate_bdev, sync_blockdev } from './page-cache.js';
import { submit_bio } from './submit-bio.js';

const PAGE_SIZE = 4096;

/** Kernel: disk_has_partscan(). */
export function* disk_has_partscan(disk: gendisk): Steps<boolean> {
  if ((disk.flags & (GENHD_FL_NO_PART | GENHD_FL_HIDDEN)) !== 0) return false;
  return !(yield* test_bit(GD_SUPPRESS_PART_SCAN, disk, 'state'));
}

function* changeTable(op: string, disk: gendisk, change: () => void): Steps<void> {
  yield makeStep(op, disk, 'part_tbl', 'update');
  checkLive(disk);
  change();
}

/** Kernel: part_release(): the partition's reference on the disk, and its memory. */
function* releasePartition(part: block_device): Steps<void> {
  yield* put_device(part.bd_disk.device);
  yield* kfree(part);
}

/** Kernel: add_partition(). Context: `open_mutex` held. @returns 0, -EEXIST, … */
function* addPartition(disk: gendisk, { partno, start }: partition_entry, sectors: number): Steps<number> {
  yield* get_device(disk.device);
  const part = new block_device(disk, partno, start, sectors);
  const { bd_device } = part;
  bd_device.parent = disk.device;
  bd_device.kobj.uevent_suppress = true;
  bd_device.release = () => releasePartition(part);
  const error = yield* device_add(bd_device);
  if (error !== 0) {
    yield* put_device(bd_device);
    return error;
  }
  bd_device.kobj.uevent_suppress = false;
  yield* changeTable('xa_insert', disk, () => disk.part_tbl.set(partno, part));
  yield* WRITE_ONCE(part, 'hashed', true);
  if (!disk.device.kobj.uevent_suppress) kobject_uevent(bd_device.kobj, 'add');
  return 0;
}

/** Kernel: drop_partition(): its opener keeps its memory. Context: `open_mutex` held, nobody finds it any more. */
export function* drop_partition(part: block_device): Steps<void> {
  const disk = part.bd_disk;
  yield* changeTable('xa_erase', disk, () => disk.part_tbl.delete(part.bd_partno));
  yield* device_del(part.bd_device);
  yield* put_device(part.bd_device);
}

/** Kernel: blk_add_partition(): what reaches beyond the end is cut, what lies beyond it is left out. */
function* addWithinDisk(disk: gendisk, entry: partition_entry, capacity: number): Steps<void> {
  const { partno, start, sectors } = entry;
  if (sectors === 0) return;
  const name = `${disk.disk_name}: p${String(partno)}`;
  if (start >= capacity) {
    pr_warn(`${name} start ${String(start)} is beyond EOD, truncated`);
    return;
  }
  if (start + sectors > capacity) pr_warn(`${name} size ${String(sectors)} extends beyond EOD, truncated`);
  const error = yield* addPartition(disk, entry, Math.min(sectors, capacity - start));
  if (error !== 0) pr_warn(` ${name} could not be added: ${String(-error)}`);
}

/** Reads one page through the disk itself, so it waits as long as that bio does. Kernel: read_part_sector(). */
function* readTable(disk: gendisk): Steps<boolean> {
  const done = new completion();
  const read = new bio({
    bi_opf: REQ_OP_READ,
    bi_bdev: disk.part0,
    bi_size: PAGE_SIZE,
    *bi_end_io() {
      yield* complete(done);
    },
  });
  yield* submit_bio(read);
  yield* wait_for_completion(done);
  return read.bi_status === BLK_STS_OK;
}

/** Kernel: blk_add_partitions(). @returns 0, or -EIO when the table could not be read */
function* addPartitions(disk: gendisk): Steps<number> {
  if (!(yield* disk_has_partscan(disk))) return 0;
  if (!(yield* readTable(disk))) return -E.EIO;
  if (disk.partition_table.length === 0) return 0;
  kobject_uevent(disk.device.kobj, 'change');
  const capacity = yield* READ_ONCE(disk.part0, 'bd_nr_sectors');
  for (const entry of disk.partition_table) yield* addWithinDisk(disk, entry, capacity);
  return 0;
}

/**
 * Reads the partition table anew: all partitions go, and those of the table come.
 * Kernel: bdev_disk_changed(), block/partitions/core.c. Context: may sleep, `open_mutex` held.
 * @param invalidate the medium is gone: the capacity becomes 0
 * @returns 0; -ENXIO when the disk is gone, -EBUSY when a partition is open, -EIO when the read failed
 */
export const bdev_disk_changed = kfn('bdev_disk_changed', function* (disk: gendisk, invalidate = false): Steps<number> {
  if (!(yield* READ_ONCE(disk.part0, 'hashed'))) return -E.ENXIO;
  if ((yield* load(disk, 'open_partitions')) > 0) return -E.EBUSY;
  yield* sync_blockdev(disk.part0);
  yield* invalidate_bdev(disk.part0);
  for (const part of yield* partitionsOf(disk)) {
    yield* WRITE_ONCE(part, 'hashed', false);
    WARN_ON_ONCE((yield* READ_ONCE(part, 'bd_openers')) > 0, 'bdev_disk_changed: a partition is open');
    yield* drop_partition(part);
  }
  yield* clear_bit(GD_NEED_PART_SCAN, disk, 'state');
  const keeps = (disk.flags & (GENHD_FL_NO_PART | GENHD_FL_REMOVABLE)) === (GENHD_FL_NO_PART | GENHD_FL_REMOVABLE);
  if (invalidate && !keeps) yield* WRITE_ONCE(disk.part0, 'bd_nr_sectors', 0);
  if ((yield* READ_ONCE(disk.part0, 'bd_nr_sectors')) > 0) return yield* addPartitions(disk);
  if (invalidate) kobject_uevent(disk.device.kobj, 'change');
  return 0;
});
