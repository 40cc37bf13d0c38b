// SPDX-License-Identifier: GPL-2.0-only
import { expect, it } from 'vitest';
import type { Steps } from '../step.js';
import { memoryDisk } from '../testing/memory-disk.js';
import { one } from '../testing/one.js';
import { bdev_open, bdev_release } from './bdev.js';
import { bio, bio_endio, BIO_REMAPPED, REQ_OP_WRITE } from './bio.js';
import { BLK_OPEN_READ, BLK_OPEN_STRICT_SCAN } from './block-device-operations.js';
import { del_gendisk } from './del-gendisk.js';
import { put_disk } from './disk.js';
import { GD_NEED_PART_SCAN, GENHD_FL_NO_PART, type block_device, type gendisk } from './gendisk.js';
import { bdev_disk_changed } from './partitions.js';
import { disk_scan_partitions } from './scan-partitions.js';
import { submit_bio } from './submit-bio.js';
import { mutex_lock, mutex_unlock } from '../locks/mutex.js';

const two = [
  { partno: 1, start: 8, sectors: 16 },
  { partno: 2, start: 24, sectors: 76 },
];

const part = (disk: gendisk, partno: number): block_device => {
  const found = disk.part_tbl.get(partno);
  if (found === undefined) throw new Error(`no partition ${String(partno)}`);
  return found;
};

it('makes a block device for each entry of the table, announced after the disk, and drops them with it', () => {
  const { machine, reports } = one(function* () {
    const { disk } = yield* memoryDisk({ name: 'nvme0n1', scans: true, change: (d) => (d.partition_table = two) });
    expect([...disk.part_tbl.keys()]).toEqual([1, 2]);
    const first = part(disk, 1);
    expect([first.bd_start_sect, first.bd_nr_sectors, first.hashed]).toEqual([8, 16, true]);
    expect(disk.state & (1 << GD_NEED_PART_SCAN)).toBe(0);
    yield* del_gendisk(disk);
    expect([disk.part_tbl.size, first.alloc.freed]).toEqual([0, true]);
    yield* put_disk(disk);
    expect(disk.alloc.freed).toBe(true);
  });
  expect(reports).toEqual([]);
  expect(machine.uevents.map(({ action, path }) => `${action} ${path}`)).toEqual([
    'add /nvme0n1',
    'add /nvme0n1/nvme0n1p1',
    'add /nvme0n1/nvme0n1p2',
    'remove /nvme0n1/nvme0n1p1',
    'remove /nvme0n1/nvme0n1p2',
    'remove /nvme0n1',
  ]);
});

it('cuts a partition at the end of the disk, and leaves out one beyond it', () => {
  const { machine } = one(function* () {
    const { disk } = yield* memoryDisk({
      name: 'sda',
      scans: true,
      change: (d) => {
        d.partition_table = [
          { partno: 1, start: 90, sectors: 20 },
          { partno: 2, start: 100, sectors: 1 },
          { partno: 3, start: 0, sectors: 0 },
        ];
      },
    });
    expect([...disk.part_tbl].map(([n, { bd_nr_sectors }]) => [n, bd_nr_sectors])).toEqual([[1, 10]]);
  });
  expect(machine.log.map(({ text }) => text)).toEqual([
    'sda: p1 size 20 extends beyond EOD, truncated',
    'sda: p2 start 100 is beyond EOD, truncated',
  ]);
});

it('moves a bio of a partition to its place on the disk, once, and checks the end of the partition', () => {
  const { machine } = one(function* () {
    const { disk, bios } = yield* memoryDisk({
      scans: true,
      lim: { max_sectors: 4 },
      change: (d) => (d.partition_table = two),
    });
    bios.length = 0;
    const submit = function* (bi_sector: number, bi_size: number): Steps<string> {
      const b = new bio({ bi_opf: REQ_OP_WRITE, bi_bdev: part(disk, 1), bi_sector, bi_size });
      yield* submit_bio(b);
      expect((b.bi_flags & (1 << BIO_REMAPPED)) !== 0).toBe(b.bi_status === 'BLK_STS_OK');
      return b.bi_status;
    };
    expect(yield* submit(2, 3072)).toBe('BLK_STS_OK');
    expect(bios).toEqual(['write 10+4', 'write 14+2']);
    expect(yield* submit(15, 1024)).toBe('BLK_STS_IOERR');
  });
  expect(machine.log.map(({ text }) => text)).toEqual([
    't: attempt to access beyond end of device d1: sector=15, nr_sectors = 2 limit=16',
  ]);
});

it('opens the whole disk with a partition, and keeps the table while one is open', () => {
  const { reports } = one(function* () {
    const { disk } = yield* memoryDisk({ scans: true, change: (d) => (d.partition_table = two) });
    const p = part(disk, 1);
    expect(yield* bdev_open(p)).toBe(0);
    expect(yield* bdev_open(p)).toBe(0);
    expect([p.bd_openers, disk.part0.bd_openers, disk.open_partitions]).toEqual([2, 2, 1]);
    expect(yield* disk_scan_partitions(disk, BLK_OPEN_READ)).toBe(-16);
    yield* mutex_lock(disk.open_mutex);
    expect(yield* bdev_disk_changed(disk)).toBe(-16);
    yield* mutex_unlock(disk.open_mutex);
    yield* bdev_release(p);
    yield* bdev_release(p);
    expect([p.bd_openers, disk.part0.bd_openers, disk.open_partitions]).toEqual([0, 0, 0]);
    disk.partition_table = two.slice(1);
    expect(yield* disk_scan_partitions(disk, BLK_OPEN_READ)).toBe(0);
    expect([[...disk.part_tbl.keys()], p.alloc.freed]).toEqual([[2], true]);
    part(disk, 2).bd_nr_sectors = 0;
    expect(yield* bdev_open(part(disk, 2))).toBe(-6);
    expect(disk.part0.bd_openers).toBe(0);
  });
  expect(reports).toEqual([]);
});

it('keeps the memory of a partition that is open when the disk goes, and the disk with it', () => {
  const { reports } = one(function* () {
    const { disk } = yield* memoryDisk({ scans: true, change: (d) => (d.partition_table = two) });
    const p = part(disk, 2);
    yield* bdev_open(p);
    yield* del_gendisk(disk);
    yield* put_disk(disk);
    expect([p.alloc.freed, disk.alloc.freed]).toEqual([false, false]);
    expect(yield* bdev_open(p)).toBe(-6);
    yield* bdev_release(p);
    expect([p.alloc.freed, disk.alloc.freed]).toEqual([true, true]);
  });
  expect(reports).toEqual([]);
});

it('scans in the open that finds the wish for it; a failed read fails a strict open only', () => {
  const { reports } = one(function* () {
    let broken = true;
    const { disk } = yield* memoryDisk({
      scans: true,
      fails: () => broken,
      change: (d) => (d.partition_table = two),
    });
    expect(disk.part_tbl.size).toBe(0);
    disk.state |= 1 << GD_NEED_PART_SCAN;
    expect(yield* bdev_open(disk, BLK_OPEN_READ | BLK_OPEN_STRICT_SCAN)).toBe(-5);
    expect(disk.part0.bd_openers).toBe(0);
    disk.state |= 1 << GD_NEED_PART_SCAN;
    expect(yield* bdev_open(disk)).toBe(0);
    yield* bdev_release(disk);
    broken = false;
    disk.state |= 1 << GD_NEED_PART_SCAN;
    expect(yield* bdev_open(disk)).toBe(0);
    expect(disk.part_tbl.size).toBe(2);
  });
  expect(reports).toEqual([]);
});

it('empties a disk whose medium is gone, when the driver says so in its open', () => {
  const { machine, reports } = one(function* () {
    const { disk } = yield* memoryDisk({ scans: true, change: (d) => (d.partition_table = two) });
    disk.fops = {
      ...disk.fops,
      *open() {
        return -123;
      },
    };
    disk.state |= 1 << GD_NEED_PART_SCAN;
    expect(yield* bdev_open(disk)).toBe(-123);
    expect([disk.part_tbl.size, disk.part0.bd_nr_sectors]).toEqual([0, 0]);
  });
  expect(reports).toEqual([]);
  expect(machine.uevents.at(-1)).toEqual({ action: 'change', path: '/d' });
});

it('has no partitions where the disk may have none', () => {
  one(function* () {
    const { disk } = yield* memoryDisk({
      scans: true,
      change: (d) => {
        d.partition_table = two;
        d.flags = GENHD_FL_NO_PART;
        d.fops = { submit_bio: (b) => bio_endio(b) };
      },
    });
    expect([disk.part_tbl.size, yield* disk_scan_partitions(disk, BLK_OPEN_READ)]).toEqual([0, -22]);
  });
});
