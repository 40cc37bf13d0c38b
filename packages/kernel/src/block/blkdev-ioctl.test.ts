// SPDX-License-Identifier: GPL-2.0-only
import { expect, it } from 'vitest';
import {
  CAP_EMPTY_SET,
  CAP_FULL_SET,
  withoutCapabilities,
  CAP_SYS_ADMIN,
  capable,
  CAP_SYS_RAWIO,
} from '../cred/capability.js';
import type { Steps } from '../step.js';
import { memoryDisk } from '../testing/memory-disk.js';
import { one } from '../testing/one.js';
import { run } from '../testing/run.js';
import { type bdev_file, bdev_file_open_by_dev, bdev_fput } from './bdev-file.js';
import { blkdev_compat_ptr_ioctl, blkdev_ioctl, compat_blkdev_ioctl, disk_get_unique_id } from './blkdev-ioctl.js';
import { blkdev_report_zones } from './blkdev-zones.js';
import {
  BLK_OPEN_READ,
  BLK_OPEN_WRITE,
  BLK_UID_NAA,
  type block_device_operations,
  type pr_ops,
} from './block-device-operations.js';
import type { gendisk } from './gendisk.js';
import {
  BLKFLSBUF,
  BLKREPORTZONE,
  BLKRRPART,
  HDIO_GETGEO,
  IOC_PR_CLEAR,
  IOC_PR_PREEMPT,
  IOC_PR_PREEMPT_ABORT,
  IOC_PR_READ_KEYS,
  IOC_PR_READ_RESERVATION,
  IOC_PR_REGISTER,
  IOC_PR_RELEASE,
  IOC_PR_RESERVE,
} from './ioctl-numbers.js';
import { blkdev_write_iter } from './page-cache.js';

function* diskWith(fops: block_device_operations): Steps<gendisk> {
  const { disk } = yield* memoryDisk({
    scans: true,
    change: (d) => (d.partition_table = [{ partno: 1, start: 8, sectors: 8 }]),
  });
  disk.fops = { ...disk.fops, ...fops };
  return disk;
}

function* opened(disk: gendisk, mode = BLK_OPEN_READ, partno = 0): Steps<bdev_file> {
  const file = yield* bdev_file_open_by_dev(disk.part_tbl.get(partno) ?? disk, mode);
  if (typeof file === 'number') throw new Error(`open gave ${String(file)}`);
  return file;
}

it('passes what it does not know to the driver, with device and mode; nobody is ENOTTY', () => {
  const calls: unknown[][] = [];
  one(function* () {
    const disk = yield* diskWith({
      *ioctl(bdev, mode, cmd, arg) {
        calls.push([bdev.bd_partno, mode, cmd, arg]);
        return cmd === 9 ? -515 : 3;
      },
      compat_ioctl: blkdev_compat_ptr_ioctl,
    });
    const file = yield* opened(disk, BLK_OPEN_WRITE, 1);
    expect(yield* blkdev_ioctl(file, 7, 'x')).toBe(3);
    expect(yield* blkdev_ioctl(disk, 7, 'x')).toBe(3);
    expect(yield* compat_blkdev_ioctl(file, 7, 'y')).toBe(3);
    expect([yield* blkdev_ioctl(file, 9, 0), yield* compat_blkdev_ioctl(file, 9, 0)]).toEqual([-25, -25]);
    disk.fops = { compat_ioctl: blkdev_compat_ptr_ioctl };
    expect([yield* blkdev_ioctl(file, 7, 0), yield* compat_blkdev_ioctl(file, 7, 0)]).toEqual([-25, -25]);
    disk.fops = {};
    expect(yield* compat_blkdev_ioctl(file, 7, 0)).toBe(-25);
    yield* bdev_fput(file);
    expect(disk.part0.bd_openers).toBe(0);
  });
  expect(calls.slice(0, 3)).toEqual([
    [1, BLK_OPEN_WRITE, 7, 'x'],
    [0, BLK_OPEN_READ | BLK_OPEN_WRITE, 7, 'x'],
    [1, BLK_OPEN_WRITE, 7, 'y'],
  ]);
});

it('asks for the geometry with the start of the partition filled in', () => {
  one(function* () {
    const disk = yield* diskWith({
      *getgeo(_disk, geo) {
        geo.heads = 64;
        return geo.start === 99 ? 0 : 0;
      },
    });
    const geo = { heads: 0, start: 0 };
    expect(yield* blkdev_ioctl(yield* opened(disk, BLK_OPEN_READ, 1), HDIO_GETGEO, geo)).toBe(0);
    expect(geo).toEqual({ heads: 64, sectors: 0, cylinders: 0, start: 8 });
    expect(yield* blkdev_ioctl(disk, HDIO_GETGEO, null)).toBe(-22);
    expect(yield* compat_blkdev_ioctl(disk, HDIO_GETGEO, 5)).toBe(-14);
    disk.fops = {
      *getgeo() {
        return -5;
      },
    };
    expect(yield* blkdev_ioctl(disk, HDIO_GETGEO, geo)).toBe(-5);
    disk.fops = {};
    expect(yield* blkdev_ioctl(disk, HDIO_GETGEO, geo)).toBe(-25);
  });
});

const prCommands = [
  [IOC_PR_REGISTER, 'pr_register', { old_key: 1, new_key: 2, flags: 1 }, [1, 2, 1]],
  [IOC_PR_RESERVE, 'pr_reserve', { key: 1, type: 2 }, [1, 2, 0]],
  [IOC_PR_RELEASE, 'pr_release', { key: 1, type: 2 }, [1, 2]],
  [IOC_PR_PREEMPT, 'pr_preempt', { old_key: 1, new_key: 2, type: 3 }, [1, 2, 3, false]],
  [IOC_PR_PREEMPT_ABORT, 'pr_preempt', { old_key: 1, new_key: 2, type: 3 }, [1, 2, 3, true]],
  [IOC_PR_CLEAR, 'pr_clear', { key: 1 }, [1]],
  [IOC_PR_READ_KEYS, 'pr_read_keys', { num_keys: 2 }, undefined],
  [IOC_PR_READ_RESERVATION, 'pr_read_reservation', {}, undefined],
] as const;

it.each(prCommands)('reservation command %d calls %s; without it EOPNOTSUPP', (cmd, method, arg, passed) => {
  one(function* () {
    let got: unknown[] = [];
    const answer = function* (...args: unknown[]): Steps<number> {
      got = args.slice(1);
      return 5;
    };
    const ops: pr_ops = { [method]: answer };
    const disk = yield* diskWith({ pr_ops: ops });
    expect(yield* blkdev_ioctl(disk, cmd, { ...arg })).toBe(5);
    if (passed !== undefined) expect(got).toEqual(passed);
    if (method !== 'pr_read_reservation') expect(yield* blkdev_ioctl(disk, cmd, undefined)).toBe(-14);
    if (passed !== undefined) expect(yield* blkdev_ioctl(disk, cmd, { ...arg, flags: 8 })).toBe(-95);
    expect(yield* blkdev_ioctl(yield* opened(disk, BLK_OPEN_WRITE, 1), cmd, { ...arg })).toBe(-1);
    disk.fops = { pr_ops: {} };
    expect(yield* blkdev_ioctl(disk, cmd, { ...arg })).toBe(-95);
    disk.fops = {};
    expect(yield* blkdev_ioctl(disk, cmd, { ...arg })).toBe(-95);
  });
});

it('gives the keys and the reservation to the caller, no more keys than there is room for', () => {
  one(function* () {
    const disk = yield* diskWith({
      pr_ops: {
        *pr_read_keys(_bdev, keys) {
          keys.keys.push(11, 12, 13);
          keys.num_keys = 3;
          keys.generation = 4;
          return 0;
        },
        *pr_read_reservation(_bdev, rsv) {
          Object.assign(rsv, { key: 11, generation: 4, type: 1 });
          return 0;
        },
      },
    });
    const keys = { num_keys: 2 };
    expect(yield* blkdev_ioctl(disk, IOC_PR_READ_KEYS, keys)).toBe(0);
    expect(keys).toEqual({ num_keys: 3, generation: 4, keys: [11, 12] });
    expect(yield* blkdev_ioctl(disk, IOC_PR_READ_KEYS, { num_keys: 70_000 })).toBe(-22);
    const rsv = {};
    expect(yield* blkdev_ioctl(disk, IOC_PR_READ_RESERVATION, rsv)).toBe(0);
    expect(rsv).toEqual({ key: 11, generation: 4, type: 1 });
    expect(yield* blkdev_ioctl(disk, IOC_PR_READ_RESERVATION, 0)).toBe(-14);
  });
});

it('lets a task do what its capabilities allow', () => {
  const results = new Map<string, unknown[]>();
  const { reports } = run((machine) => {
    const body = (name: string) =>
      function* (): Steps<void> {
        const disk = yield* diskWith({
          pr_ops: {
            *pr_clear() {
              return 0;
            },
          },
        });
        const reader = yield* opened(disk, BLK_OPEN_READ);
        const writer = yield* opened(disk, BLK_OPEN_WRITE);
        yield* blkdev_write_iter(disk.part0, 1, 1);
        results.set(name, [
          yield* blkdev_ioctl(reader, IOC_PR_CLEAR, { key: 1 }),
          yield* blkdev_ioctl(writer, IOC_PR_CLEAR, { key: 1 }),
          yield* blkdev_ioctl(reader, BLKFLSBUF, 0),
          yield* blkdev_ioctl(reader, BLKRRPART, 0),
          disk.part0.bd_mapping.i_pages.size,
          capable(CAP_SYS_RAWIO),
        ]);
      };
    machine.spawn('root', body('root'));
    machine.spawn('all', body('all'), { capabilities: CAP_FULL_SET });
    machine.spawn('raw', body('raw'), { capabilities: withoutCapabilities(CAP_SYS_ADMIN) });
    machine.spawn('user', body('user'), { capabilities: CAP_EMPTY_SET });
  });
  expect(reports.filter((text) => !text.includes('duplicate filename'))).toEqual([]);
  expect(Object.fromEntries(results)).toEqual({
    root: [0, 0, 0, 0, 0, true],
    all: [0, 0, 0, 0, 0, true],
    raw: [-1, 0, -13, -13, 1, true],
    user: [-1, 0, -13, -13, 1, false],
  });
});

it('reports zones of a zoned device only', () => {
  const { reports } = one(function* () {
    const { disk } = yield* memoryDisk({ lim: { zoned: true } });
    const plain = yield* diskWith({});
    const none = {
      *cb(): Steps<number> {
        return 0;
      },
    };
    expect(yield* blkdev_report_zones(plain.part0, 0, 1, none)).toBe(-95);
    expect(yield* blkdev_ioctl(plain, BLKREPORTZONE, { sector: 0, nr_zones: 1 })).toBe(-25);
    expect(yield* blkdev_report_zones(disk.part0, 0, 1, none)).toBe(-95);
    disk.fops = {
      *report_zones(_disk, sector, nr_zones, { cb }) {
        for (let n = 0; n < nr_zones; n++) {
          const error = yield* cb({ start: sector + n * 10, len: 10, wp: 0 }, n);
          if (error !== 0) return error;
        }
        return nr_zones;
      },
    };
    const arg = { sector: 10, nr_zones: 2 };
    expect(yield* blkdev_ioctl(disk, BLKREPORTZONE, arg)).toBe(0);
    expect(arg).toMatchObject({ nr_zones: 2, zones: [{ start: 10 }, { start: 20 }] });
    expect(yield* blkdev_report_zones(disk.part0, 100, 1, none)).toBe(0);
    expect(yield* blkdev_ioctl(disk, BLKREPORTZONE, null)).toBe(-22);
    expect(yield* blkdev_ioctl(disk, BLKREPORTZONE, { sector: 'x' })).toBe(-14);
    expect(yield* blkdev_ioctl(disk, BLKREPORTZONE, { sector: 0, nr_zones: 0 })).toBe(-22);
  });
  expect(reports).toEqual(['warning: WARNING: blkdev_report_zones: no report_zones']);
});

it('rereads the partitions on demand, of the whole disk', () => {
  one(function* () {
    const disk = yield* diskWith({});
    disk.partition_table = [];
    expect(yield* blkdev_ioctl(yield* opened(disk, BLK_OPEN_READ, 1), BLKRRPART, 0)).toBe(-22);
    expect(yield* blkdev_ioctl(disk, BLKRRPART, 0)).toBe(-16);
  });
});

it('asks for a unique identifier; no method is none', () => {
  one(function* () {
    const disk = yield* diskWith({
      *get_unique_id(_disk, id, type) {
        id.push(type);
        return 1;
      },
    });
    const id: number[] = [];
    expect([yield* disk_get_unique_id(disk, id, BLK_UID_NAA), id]).toEqual([1, [3]]);
    disk.fops = {};
    expect(yield* disk_get_unique_id(disk, id, BLK_UID_NAA)).toBe(0);
  });
});
