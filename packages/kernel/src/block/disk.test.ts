// SPDX-License-Identifier: GPL-2.0-only
import { expect, it } from 'vitest';
import { mutex_unlock } from '../locks/mutex.js';
import { module } from '../module/module.js';
import { READ_ONCE } from '../memory/access.js';
import type { Steps } from '../step.js';
import { one } from '../testing/one.js';
import { everySchedule } from '../testing/run.js';
import { device_add_disk } from './add-disk.js';
import { bdev_open, bdev_release } from './bdev.js';
import { bio_endio, type bio } from './bio.js';
import { blkdev_ioctl } from './blkdev-ioctl.js';
import { blk_mark_disk_dead, del_gendisk } from './del-gendisk.js';
import { blk_alloc_disk, get_capacity, put_disk, set_capacity, set_capacity_and_notify } from './disk.js';
import { GD_DEAD, GENHD_FL_HIDDEN, type gendisk } from './gendisk.js';

const ENXIO = -6;

function* added(change: (d: gendisk) => void = () => undefined): Steps<gendisk> {
  const d = yield* blk_alloc_disk(0);
  d.disk_name = 'd';
  d.fops = { submit_bio: (b) => bio_endio(b) };
  change(d);
  expect(yield* device_add_disk(null, d)).toBe(0);
  return d;
}

it('opens a disk between add and delete only, and never a hidden one', () => {
  const { reports, machine } = one(function* () {
    const d = yield* blk_alloc_disk(0);
    expect(yield* bdev_open(d)).toBe(ENXIO);
    yield* device_add_disk(null, d);
    expect(yield* bdev_open(d)).toBe(0);
    expect(yield* blkdev_ioctl(d, 1, undefined)).toBe(-25);
    yield* del_gendisk(d);
    expect(yield* bdev_open(d)).toBe(ENXIO);
    yield* put_disk(d);
    expect(d.alloc.freed).toBe(false);
    yield* bdev_release(d);
    expect(d.alloc.freed).toBe(true);
    expect(yield* bdev_open(d)).toBe(ENXIO);
    expect(
      yield* bdev_open(
        yield* added((hidden) => {
          hidden.flags = GENHD_FL_HIDDEN;
        }),
      ),
    ).toBe(ENXIO);
  });
  expect(reports).toEqual([]);
  expect(machine.uevents.map(({ action }) => action)).toEqual(['add', 'remove']);
});

it('calls open and release, pins the owner, and passes on what open gave', () => {
  one(function* () {
    const owner = new module('m');
    let opens = 0;
    const d = yield* added((disk) => {
      disk.fops = {
        owner,
        *open() {
          return opens++ === 0 ? 0 : -30;
        },
        *release() {
          opens = 100;
        },
      };
    });
    expect([yield* bdev_open(d), owner.refcnt]).toEqual([0, 1]);
    expect([yield* bdev_open(d), owner.refcnt]).toEqual([-30, 1]);
    yield* bdev_release(d);
    expect([opens, owner.refcnt, d.part0.bd_openers]).toEqual([100, 0, 0]);
  });
});

it('reads the partition table through the disk when it is added with a size', () => {
  const reads: bio[] = [];
  one(function* () {
    yield* added((d) => {
      d.part0.bd_nr_sectors = 8;
      d.fops = {
        *submit_bio(b) {
          reads.push(b);
          yield* bio_endio(b);
        },
      };
    });
  });
  expect(reads.map(({ bi_size, bi_sector }) => [bi_size, bi_sector])).toEqual([[4096, 0]]);
});

it('tells the holder before the disk is dead, and again never', () => {
  const told: string[] = [];
  one(function* () {
    const d = yield* added();
    d.part0.bd_holder_ops = {
      *mark_dead({ bd_disk, bd_holder_lock }, surprise) {
        yield* mutex_unlock(bd_holder_lock);
        told.push(`${String(surprise)} ${String((bd_disk.state & (1 << GD_DEAD)) !== 0)}`);
      },
    };
    yield* del_gendisk(d);
  });
  one(function* () {
    const d = yield* added();
    d.part0.bd_holder_ops = {
      *mark_dead({ bd_holder_lock }, surprise) {
        yield* mutex_unlock(bd_holder_lock);
        told.push(String(surprise));
      },
    };
    yield* blk_mark_disk_dead(d);
    yield* del_gendisk(d);
  });
  expect(told).toEqual(['false false', 'true']);
});

it('reports the deletion of a disk that was not added, and of none', () => {
  const { reports } = one(function* () {
    yield* put_disk(null);
    yield* del_gendisk(yield* blk_alloc_disk(0));
    yield* del_gendisk(null);
  });
  expect(reports).toEqual([
    'warning: WARNING: del_gendisk: disk is not live',
    'null-dereference: BUG: kernel NULL pointer dereference in del_gendisk, field part0',
  ]);
});

it('fails where it may, by choice of the environment', () => {
  const seen = new Set<unknown>();
  everySchedule(
    (machine) => {
      machine.spawn('t', function* () {
        const d = yield* blk_alloc_disk(0, { mayFail: true });
        seen.add(typeof d === 'number' ? d : yield* device_add_disk(null, d, null, { mayFail: true }));
      });
    },
    () => undefined,
  );
  expect(seen).toEqual(new Set([0, -12]));
});

it('sends a uevent when the size of a live disk changes', () => {
  const { machine } = one(function* () {
    const d = yield* added();
    yield* set_capacity(d, 8);
    expect(yield* set_capacity_and_notify(d, 16)).toBe(true);
    expect(yield* set_capacity_and_notify(d, 16)).toBe(false);
    expect(yield* get_capacity(d)).toBe(16);
    expect(yield* READ_ONCE(d.part0, 'hashed')).toBe(true);
  });
  expect(machine.uevents.map(({ action }) => action)).toEqual(['add', 'change']);
});
