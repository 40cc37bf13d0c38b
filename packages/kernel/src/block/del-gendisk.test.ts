// SPDX-License-Identifier: GPL-2.0-only
import { expect, it } from 'vitest';
import { memoryDisk } from '../testing/memory-disk.js';
import { one } from '../testing/one.js';
import { everyTrace } from '../testing/every-trace.js';
import { bdev_file_open_by_dev, bdev_fput } from './bdev-file.js';
import { bdev_open, bdev_release } from './bdev.js';
import { bio } from './bio.js';
import { BLK_OPEN_WRITE } from './block-device-operations.js';
import { blk_mark_disk_dead, del_gendisk } from './del-gendisk.js';
import { blk_alloc_disk, blk_mq_alloc_disk_for_queue, put_disk } from './disk.js';
import { GD_ADDED, GD_DEAD, GENHD_FL_HIDDEN } from './gendisk.js';
import { request_queue } from './request-queue.js';
import { device_add_disk } from './add-disk.js';
import { blkdev_write_iter, sync_blockdev } from './page-cache.js';
import { submit_bio } from './submit-bio.js';
import {
  generic_file_write_iter,
  kill_block_super,
  mount_bdev,
  super_block,
  sync_filesystem,
  vfs_fsync,
} from './super-block.js';

it('writes what the device file has cached while the queue still takes I/O', () => {
  const { reports } = one(function* () {
    const { disk, bios, written } = yield* memoryDisk();
    yield* bdev_open(disk, BLK_OPEN_WRITE);
    expect(yield* blkdev_write_iter(disk.part0, 4, 3)).toBe(1536);
    expect(yield* blkdev_write_iter(disk.part0, 7, 1)).toBe(512);
    expect(yield* blkdev_write_iter(disk.part0, 98, 8)).toBe(1024);
    expect([...written]).toEqual([]);
    yield* del_gendisk(disk);
    expect(bios).toEqual(['write 4+4', 'write 98+2']);
    expect(yield* blkdev_write_iter(disk.part0, 4, 1)).toBe(-28);
    yield* bdev_release(disk);
    expect(bios).toHaveLength(2);
  });
  expect(reports).toEqual([]);
});

it('fails I/O once the disk is dead, and what was cached only after the write-back is lost and said to be', () => {
  const { machine, reports } = one(function* () {
    const { disk, written } = yield* memoryDisk();
    yield* bdev_open(disk, BLK_OPEN_WRITE);
    yield* blkdev_write_iter(disk.part0, 4, 3);
    yield* blk_mark_disk_dead(disk);
    const b = new bio({ bi_bdev: disk.part0 });
    yield* submit_bio(b);
    expect(b.bi_status).toBe('BLK_STS_IOERR');
    const cache = disk.part0.bd_mapping;
    // blk_mark_disk_dead() has written already, to a disk that takes nothing, and told nobody.
    expect([[...cache.dirty], [...cache.lost], [...written]]).toEqual([[], [4, 5, 6], []]);
    expect(cache.eio).toBe(false);
    yield* del_gendisk(disk);
    yield* bdev_release(disk);
  });
  expect(reports).toEqual([]);
  expect(machine.log.map(({ text }) => text)).toEqual([
    'Buffer I/O error on dev d, logical block 4, lost async page write',
  ]);
});

it('asks a mounted file system to write back, and shuts it down; a surprise is told without', () => {
  for (const surprise of [false, true]) {
    const { reports } = one(function* () {
      const { disk, bios } = yield* memoryDisk();
      const sb = yield* mount_bdev(disk.part0);
      if (!(sb instanceof super_block)) throw new Error('not mounted');
      expect(yield* mount_bdev(disk.part0)).toBe(-16);
      expect(yield* generic_file_write_iter(sb, 1, 2)).toBe(1024);
      expect(yield* vfs_fsync(sb)).toBe(0);
      expect(yield* generic_file_write_iter(sb, 10, 2)).toBe(1024);
      yield* surprise ? blk_mark_disk_dead(disk) : del_gendisk(disk);
      expect(bios).toEqual(surprise ? ['write 1+2'] : ['write 1+2', 'write 10+2']);
      expect(yield* generic_file_write_iter(sb, 20, 1)).toBe(-5);
      expect(yield* sync_filesystem(sb)).toBe(surprise ? -5 : 0);
      yield* kill_block_super(sb);
      expect([sb.alloc.freed, disk.part0.bd_holder, disk.part0.bd_holder_ops]).toEqual([true, null, null]);
      if (surprise) yield* del_gendisk(disk);
      yield* put_disk(disk);
      expect(disk.alloc.freed).toBe(true);
    });
    expect(reports).toEqual([]);
  }
});

it('loses no write that was cached before the disk goes, and reports nothing, in every schedule of an unmount and a removal', () => {
  const ends = everyTrace(
    (machine) => {
      machine.spawn('boot', function* () {
        const { disk, written } = yield* memoryDisk();
        const sb = yield* mount_bdev(disk.part0);
        if (!(sb instanceof super_block)) throw new Error('not mounted');
        yield* generic_file_write_iter(sb, 3, 1);
        machine.globals.set('written', written);
        machine.spawn('umount', () => kill_block_super(sb));
        yield* del_gendisk(disk);
      });
    },
    ({ end, reports, machine }) => {
      expect([end, reports]).toEqual(['finished', []]);
      expect(machine.globals.get('written')).toEqual(new Map([[3, 1]]));
    },
  );
  expect(ends).toBeGreaterThan(3);
});

it('either opens a disk before it is deleted or finds none, in every schedule; the memory goes with the last user', () => {
  const seen = new Set<string>();
  everyTrace(
    (machine) => {
      machine.spawn('boot', function* () {
        const { disk } = yield* memoryDisk();
        machine.globals.set('disk', disk);
        machine.spawn('open', function* () {
          const file = yield* bdev_file_open_by_dev(disk);
          seen.add(typeof file === 'number' ? String(file) : 'open');
          if (typeof file !== 'number') yield* bdev_fput(file);
        });
        yield* del_gendisk(disk);
        expect(disk.state & ((1 << GD_DEAD) | (1 << GD_ADDED))).toBe((1 << GD_DEAD) | (1 << GD_ADDED));
        yield* put_disk(disk);
      });
    },
    ({ end, reports, machine }) => {
      expect([end, reports]).toEqual(['finished', []]);
      const disk = machine.globals.get('disk');
      expect(disk).toMatchObject({ alloc: { freed: true }, part0: { bd_openers: 0 } });
    },
  );
  expect([...seen].sort()).toEqual(['-6', 'open']);
});

it('tells the driver that the disk is freed only when it was added; a hidden one has no uevents', () => {
  const freed: string[] = [];
  const { machine, reports } = one(function* () {
    for (const [name, flags, add] of [
      ['never', 0, false],
      ['hidden', GENHD_FL_HIDDEN, true],
    ] as const) {
      const disk = yield* blk_alloc_disk(0);
      disk.disk_name = name;
      disk.flags = flags;
      disk.fops = {
        *free_disk() {
          freed.push(name);
        },
      };
      if (add) {
        yield* device_add_disk(null, disk);
        yield* del_gendisk(disk);
      }
      yield* put_disk(disk);
      expect(disk.alloc.freed).toBe(true);
    }
  });
  expect([freed, machine.uevents, reports]).toEqual([['hidden'], [], []]);
});

it('gives a queue that outlives its disk back, for the next one', () => {
  const { reports } = one(function* () {
    const queue = new request_queue();
    for (const dead of [false, true, false]) {
      const disk = yield* blk_mq_alloc_disk_for_queue(queue, 0);
      yield* device_add_disk(null, disk);
      if (dead) yield* blk_mark_disk_dead(disk);
      yield* del_gendisk(disk);
      yield* put_disk(disk);
      expect([queue.mq_freeze_depth, queue.dying, queue.usage]).toEqual([0, false, 0]);
    }
  });
  expect(reports).toEqual([]);
});

it('syncs at the last close, and not twice', () => {
  one(function* () {
    const { disk, bios } = yield* memoryDisk();
    yield* bdev_open(disk);
    yield* bdev_open(disk);
    yield* blkdev_write_iter(disk.part0, 0, 1);
    yield* bdev_release(disk);
    expect(bios).toEqual([]);
    yield* bdev_release(disk);
    expect(bios).toEqual(['write 0+1']);
    expect(yield* sync_blockdev(disk.part0)).toBe(0);
  });
});
