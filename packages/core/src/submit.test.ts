// SPDX-License-Identifier: GPL-2.0-only
import {
  bio,
  bio_endio,
  bio_list_entries,
  BIO_REMAPPED,
  BLK_STS_IOERR,
  register_trace_block_bio_remap,
  REQ_DRV,
  settle,
  submit_bio,
  type Steps,
} from '@libmultipath/kernel';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { libV3 } from './v3/make-v3.js';
import { byPriority, runWith, seeded } from './testing/schedules.js';
import {
  addPath,
  makeHead,
  makeLiveHead,
  makeOnePathHead,
  makePathDisk,
  newBio,
  runAlone,
  toyTemplate,
  usable,
} from './testing/toy-driver.js';

describe('mpath_bdev_submit_bio', () => {
  it('sends the bio down marked, and the record names the path on both sides', () => {
    const { value } = runAlone(function* () {
      const { disk } = yield* makeLiveHead();
      yield* settle();
      const records: string[] = [];
      register_trace_block_bio_remap((_what, to, from) => records.push(`${from.disk_name} to ${to.disk_name}`));
      const ended: string[] = [];
      const what = newBio(disk, ended);
      yield* submit_bio(what);
      return { records, ended, remapped: what.bi_flags >> BIO_REMAPPED, mark: what.bi_opf & REQ_DRV };
    });
    expect(value).toEqual({ records: ['path0 to path0'], ended: ['0: ok'], remapped: 1, mark: REQ_DRV });
  });

  it('sends what clone_bio gives, and leaves the original to the driver', () => {
    const { value } = runAlone(function* () {
      const clones: bio[] = [];
      const template = {
        ...toyTemplate,
        *clone_bio(original: bio): Steps<bio> {
          const clone = new bio({ bi_bdev: original.bi_bdev ?? undefinedBdev(), bi_end_io: () => bio_endio(original) });
          clones.push(clone);
          return clone;
        },
      };
      const { disk } = yield* makeLiveHead([usable], 0, template);
      yield* settle();
      clones.length = 0;
      const ended: string[] = [];
      const original = newBio(disk, ended);
      yield* submit_bio(original);
      return { ended, flags: [original.bi_flags, clones[0]?.bi_flags], to: clones[0]?.bi_bdev?.bd_disk.disk_name };
    });
    expect(value).toEqual({ ended: ['0: ok'], flags: [0, 1 << BIO_REMAPPED], to: 'path0' });
  });

  it('fails the original with EIO when clone_bio gives nothing, and counts nothing', () => {
    const { value } = runAlone(function* () {
      const template = {
        ...toyTemplate,
        *clone_bio(): Steps<bio | null> {
          return null;
        },
      };
      const { head, disk } = yield* makeLiveHead([usable], 0, template);
      const ended: string[] = [];
      yield* submit_bio(newBio(disk, ended));
      return { ended, counts: [head.requeue_no_usable_path_cnt.counter, head.fail_no_avail_path_cnt.counter] };
    });
    expect(value).toEqual({ ended: [`0: ${BLK_STS_IOERR}`], counts: [0, 0] });
  });

  it('parks while a path may come back, without a kick, and fails when none may; each is counted and said', () => {
    const { value, machine } = runAlone(function* () {
      const { head, disk, path } = yield* makeOnePathHead();
      const ended: string[] = [];
      path.disabled = true;
      yield* submit_bio(newBio(disk, ended, 1));
      yield* settle();
      const parked = bio_list_entries(head.requeue_list).length;
      path.available = false;
      yield* submit_bio(newBio(disk, ended, 2));
      return { parked, ended, counts: [head.requeue_no_usable_path_cnt.counter, head.fail_no_avail_path_cnt.counter] };
    });
    expect(value).toEqual({ parked: 1, ended: [`2: ${BLK_STS_IOERR}`], counts: [1, 1] });
    expect(machine.log.filter(({ level }) => level === 'warn').map(({ text }) => text)).toEqual([
      'toy: no usable path - requeuing I/O',
      'toy: no available path - failing I/O',
    ]);
  });

  it('parks when the head is told to queue, however unavailable its paths are, but never once the disk is not live', () => {
    const { value } = runAlone(function* () {
      const { head } = yield* makeHead([], 0);
      const going = { ...usable, disabled: true, available: false };
      const path = yield* addPath(head, going, yield* makePathDisk('path0'));
      const submit = function* (): Steps<string> {
        const ended: string[] = [];
        if (head.disk !== null) yield* libV3.mpath_bdev_submit_bio(head, newBio(head.disk, ended));
        return ended[0] ?? 'parked';
      };
      yield* libV3.mpath_delayed_removal_secs_store(head, '5');
      const notLive = yield* submit();
      yield* libV3.mpath_device_set_live(path);
      const live = yield* submit();
      yield* libV3.mpath_delayed_removal_secs_store(head, '0');
      return [notLive, live, yield* submit()];
    });
    expect(value).toEqual([`0: ${BLK_STS_IOERR}`, 'parked', `0: ${BLK_STS_IOERR}`]);
  });

  it('reports a path whose disk the driver has taken away', () => {
    const ran = runWith((machine) => {
      machine.spawn('test', function* () {
        const { disk, path } = yield* makeOnePathHead();
        path.disk = null;
        yield* submit_bio(newBio(disk, []));
      });
    }, seeded(1));
    expect(ran.machine.reports.map(({ message }) => message)).toEqual([
      'BUG: kernel NULL pointer dereference: mpath_device.disk',
    ]);
  });
});

const undefinedBdev = (): never => {
  throw new Error('the original has no device');
};

describe('mpath_requeue_work', () => {
  it('submits again first in, first out, and leaves what is parked again for the next kick', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 6 }), (bios) => {
        const { value } = runAlone(function* () {
          const { head, disk, path } = yield* makeOnePathHead();
          const ended: string[] = [];
          path.disabled = true;
          for (let sector = 0; sector < bios; sector++) yield* submit_bio(newBio(disk, ended, sector));
          yield* libV3.mpath_schedule_requeue_work(head);
          yield* settle();
          const again = bio_list_entries(head.requeue_list).map(({ bi_sector }) => bi_sector);
          path.disabled = false;
          yield* libV3.mpath_schedule_requeue_work(head);
          yield* settle();
          return { again, ended, counted: head.requeue_no_usable_path_cnt.counter };
        });
        const order = [...Array(bios).keys()];
        expect(value.again).toEqual(order);
        expect(value.ended).toEqual(order.map((sector) => `${String(sector)}: ok`));
        expect(value.counted).toBe(2 * bios);
      }),
    );
  });

  it.each([
    ['any task at each step', seeded],
    ['tasks held back for long', (seed: number) => byPriority(seed, 400)],
  ])('loses no bio to a path that goes live meanwhile: %s', (_name, chooser) => {
    fc.assert(
      fc.property(fc.integer(), fc.constantFrom<0 | 1 | 2>(0, 1, 2), (seed, policy) => {
        const ended: string[] = [];
        const ran = runWith((machine) => {
          machine.spawn('driver', function* () {
            const { head, disk } = yield* makeLiveHead([{ ...usable, disabled: true }], policy);
            for (const sector of [0, 1]) {
              machine.spawn(`submitter ${String(sector)}`, () => submit_bio(newBio(disk, ended, sector)));
            }
            const path = yield* addPath(head, usable, yield* makePathDisk('path1'));
            yield* libV3.mpath_device_set_live(path);
          });
        }, chooser(seed));
        expect(ran.end).toBe('finished');
        expect(ran.machine.reports).toEqual([]);
        expect([...ended].sort()).toEqual(['0: ok', '1: ok']);
      }),
      { numRuns: 500 },
    );
  });
});
