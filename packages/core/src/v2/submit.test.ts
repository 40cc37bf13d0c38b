// SPDX-License-Identifier: GPL-2.0-only
import {
  bio,
  bio_endio,
  bio_list_entries,
  BIO_REMAPPED,
  BLK_STS_IOERR,
  register_trace_block_bio_remap,
  REQ_DRV,
  set_capacity,
  settle,
  submit_bio,
  type Steps,
} from '@libmultipath/kernel';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { byPriority, runWith, seeded } from '../testing/schedules.js';
import { makePathDisk, newBio, runAlone, usable } from '../testing/toy-driver.js';
import { libV2 } from './make-v2.js';
import { addPath, makeHead, makeLiveHead, makeOnePathHead, toyTemplate } from './testing/toy-driver.js';
import type { mpath_head_template } from './template.js';

describe('mpath_bdev_submit_bio of v2', () => {
  it('records the way from the head to the path, then sends the bio marked', () => {
    const { value } = runAlone(function* () {
      const { disk } = yield* makeOnePathHead();
      const records: string[] = [];
      register_trace_block_bio_remap((what, to, from) =>
        records.push(`${from.disk_name} to ${to.disk_name}, marked ${String((what.bi_opf & REQ_DRV) !== 0)}`),
      );
      const ended: string[] = [];
      const what = newBio(disk, ended);
      yield* submit_bio(what);
      return [records, ended, what.bi_flags & (1 << BIO_REMAPPED), what.bi_opf & REQ_DRV];
    });
    // The record says "to the device of the bio, from the given disk".
    expect(value).toEqual([['path0 to toy0, marked false'], ['0: ok'], 0, REQ_DRV]);
  });

  it('sends and marks what clone_bio gives, and leaves the original alone', () => {
    const { value } = runAlone(function* () {
      const clones: bio[] = [];
      const template: mpath_head_template = {
        ...toyTemplate,
        *clone_bio(original: bio): Steps<bio> {
          const { bi_bdev } = original;
          if (bi_bdev === null) throw new Error('the original has no device');
          const clone = new bio({ bi_bdev, bi_end_io: () => bio_endio(original) });
          clones.push(clone);
          return clone;
        },
      };
      const { disk } = yield* makeOnePathHead(template);
      clones.length = 0;
      const ended: string[] = [];
      const original = newBio(disk, ended);
      yield* submit_bio(original);
      const [clone] = clones;
      return [
        ended,
        original.bi_opf & REQ_DRV,
        original.bi_bdev?.bd_disk.disk_name,
        (clone?.bi_opf ?? 0) & REQ_DRV,
        clone?.bi_bdev?.bd_disk.disk_name,
      ];
    });
    expect(value).toEqual([['0: ok'], 0, 'toy0', REQ_DRV, 'path0']);
  });

  it('fails the original when there is no clone', () => {
    const { value, machine } = runAlone(function* () {
      const template: mpath_head_template = {
        ...toyTemplate,
        *clone_bio(): Steps<bio | null> {
          return null;
        },
      };
      const { disk } = yield* makeOnePathHead(template);
      const ended: string[] = [];
      yield* submit_bio(newBio(disk, ended));
      return ended;
    });
    expect(value).toEqual([`0: ${BLK_STS_IOERR}`]);
    expect(machine.reports).toEqual([]);
  });

  it('has the end of the path checked', () => {
    const { value } = runAlone(function* () {
      const { disk, path } = yield* makeOnePathHead();
      yield* set_capacity(path.disk, 8);
      const ended: string[] = [];
      const what = newBio(disk, ended, 16);
      what.bi_size = 512;
      yield* submit_bio(what);
      return ended;
    });
    expect(value).toEqual([`16: ${BLK_STS_IOERR}`]);
  });

  it('parks while a path may come back, without a kick, and fails when none may; each is said', () => {
    const { value, machine } = runAlone(function* () {
      const { head, disk, path } = yield* makeOnePathHead();
      const ended: string[] = [];
      path.disabled = true;
      yield* submit_bio(newBio(disk, ended, 1));
      yield* settle();
      const parked = bio_list_entries(head.requeue_list).length;
      path.available = false;
      yield* submit_bio(newBio(disk, ended, 2));
      return { parked, ended };
    });
    expect(value).toEqual({ parked: 1, ended: [`2: ${BLK_STS_IOERR}`] });
    expect(machine.log.filter(({ level }) => level === 'warn').map(({ text }) => text)).toEqual([
      'toy: no usable path - requeuing I/O',
      'toy: no available path - failing I/O',
    ]);
  });

  it('parks when the head is told to queue, but never once the disk is not live', () => {
    const { value } = runAlone(function* () {
      const { head, disk } = yield* makeHead([]);
      const path = yield* addPath(head, { ...usable, disabled: true, available: false }, yield* makePathDisk('path0'));
      const submit = function* (): Steps<string> {
        const ended: string[] = [];
        yield* libV2.mpath_bdev_submit_bio(head, newBio(disk, ended));
        return ended[0] ?? 'parked';
      };
      yield* libV2.mpath_delayed_removal_secs_store(head, '5');
      const notLive = yield* submit();
      yield* libV2.mpath_device_set_live(path);
      const live = yield* submit();
      yield* libV2.mpath_delayed_removal_secs_store(head, '0');
      return [notLive, live, yield* submit()];
    });
    expect(value).toEqual([`0: ${BLK_STS_IOERR}`, 'parked', `0: ${BLK_STS_IOERR}`]);
  });
});

describe('the requeue work of v2', () => {
  it('submits again first in, first out; what is parked again waits for the next kick', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 6 }), (bios) => {
        const { value } = runAlone(function* () {
          const { head, disk, path } = yield* makeOnePathHead();
          const ended: string[] = [];
          path.disabled = true;
          for (let sector = 0; sector < bios; sector++) yield* submit_bio(newBio(disk, ended, sector));
          yield* libV2.mpath_schedule_requeue_work(head);
          yield* settle();
          const again = bio_list_entries(head.requeue_list).map(({ bi_sector }) => bi_sector);
          path.disabled = false;
          yield* libV2.mpath_schedule_requeue_work(head);
          yield* settle();
          return { again, ended };
        });
        const order = [...Array(bios).keys()];
        expect(value.again).toEqual(order);
        expect(value.ended).toEqual(order.map((sector) => `${String(sector)}: ok`));
      }),
      { numRuns: 20 },
    );
  });

  it.each([
    ['any task at each step', seeded],
    ['tasks held back for long', (seed: number) => byPriority(seed, 400)],
  ])('loses no bio to a path that goes live meanwhile: %s', (_name, chooser) => {
    fc.assert(
      fc.property(fc.integer(), fc.constantFrom<0 | 1 | 2>(0, 1, 2), (seed, policy) => {
        const ended: string[] = [];
        const { end, machine } = runWith((started) => {
          started.spawn('driver', function* () {
            const { head, disk } = yield* makeLiveHead([{ ...usable, disabled: true }], policy);
            for (const sector of [0, 1]) {
              started.spawn(`submitter ${String(sector)}`, () => submit_bio(newBio(disk, ended, sector)));
            }
            const path = yield* addPath(head, usable, yield* makePathDisk('path1'));
            yield* libV2.mpath_device_set_live(path);
          });
        }, chooser(seed));
        expect([end, machine.reports]).toEqual(['finished', []]);
        expect([...ended].sort()).toEqual(['0: ok', '1: ok']);
      }),
      { numRuns: 150 },
    );
  });
});
