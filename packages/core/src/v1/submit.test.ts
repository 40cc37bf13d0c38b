// SPDX-License-Identifier: GPL-2.0-only
import {
  bio,
  bio_endio,
  bio_list_entries,
  BIO_REMAPPED,
  BLK_STS_IOERR,
  kblockd_schedule_work,
  register_trace_block_bio_remap,
  REQ_DRV,
  set_capacity,
  settle,
  submit_bio,
  type block_device,
  type Steps,
} from '@libmultipath/kernel';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { byPriority, runWith, seeded } from '../testing/schedules.js';
import { makePathDisk, newBio, runAlone, usable } from '../testing/toy-driver.js';
import { libV1 } from './make-v1.js';
import { addPath, makeHead, makeLiveHead, makeOnePathHead, toyTemplate } from './testing/toy-driver.js';
import type { bool_pointer, mpath_head_template } from './template.js';

const bdevOf = (what: bio): block_device => {
  if (what.bi_bdev === null) throw new Error('the bio has no device');
  return what.bi_bdev;
};

describe('mpath_bdev_submit_bio of v1', () => {
  it('marks the bio, records its way from the head to the path, then sends it', () => {
    const { value } = runAlone(function* () {
      const { gendisk } = yield* makeOnePathHead();
      const records: string[] = [];
      register_trace_block_bio_remap((what, to, from) =>
        records.push(`${from.disk_name} to ${to.disk_name}, marked ${String((what.bi_opf & REQ_DRV) !== 0)}`),
      );
      const ended: string[] = [];
      const what = newBio(gendisk, ended);
      yield* submit_bio(what);
      return { records, ended, remapped: what.bi_flags & (1 << BIO_REMAPPED), to: what.bi_bdev?.bd_disk.disk_name };
    });
    // The record's own arguments say "to the device of the bio, from the given disk".
    expect(value).toEqual({
      records: ['path0 to toy0, marked true'],
      ended: ['0: ok'],
      remapped: 0,
      to: 'path0',
    });
  });

  it('marks the original, and the clone only as far as the driver copies it', () => {
    const { value } = runAlone(function* () {
      const clones: bio[] = [];
      const template: mpath_head_template = {
        ...toyTemplate,
        *clone_bio(original: bio): Steps<bio> {
          const clone = new bio({ bi_bdev: bdevOf(original), bi_end_io: () => bio_endio(original) });
          clones.push(clone);
          return clone;
        },
      };
      const { gendisk } = yield* makeOnePathHead(template);
      clones.length = 0;
      const ended: string[] = [];
      const original = newBio(gendisk, ended);
      yield* submit_bio(original);
      const [clone] = clones;
      return {
        ended,
        marks: [original.bi_opf & REQ_DRV, (clone?.bi_opf ?? -1) & REQ_DRV],
        to: [original.bi_bdev?.bd_disk.disk_name, clone?.bi_bdev?.bd_disk.disk_name],
      };
    });
    expect(value).toEqual({ ended: ['0: ok'], marks: [REQ_DRV, 0], to: ['toy0', 'path0'] });
  });

  it('has the end of the path checked', () => {
    const { value } = runAlone(function* () {
      const { gendisk, path } = yield* makeOnePathHead();
      yield* set_capacity(path.disk, 8);
      const ended: string[] = [];
      const what = newBio(gendisk, ended, 16);
      what.bi_size = 512;
      yield* submit_bio(what);
      return ended;
    });
    expect(value).toEqual([`16: ${BLK_STS_IOERR}`]);
  });

  it('parks while a path may come back, without a kick, and fails when none may; each is said', () => {
    const { value, machine } = runAlone(function* () {
      const { head, gendisk, path } = yield* makeOnePathHead();
      const ended: string[] = [];
      path.disabled = true;
      yield* submit_bio(newBio(gendisk, ended, 1));
      yield* settle();
      const parked = bio_list_entries(head.requeue_list).length;
      path.available = false;
      yield* submit_bio(newBio(gendisk, ended, 2));
      return { parked, ended };
    });
    expect(value).toEqual({ parked: 1, ended: [`2: ${BLK_STS_IOERR}`] });
    expect(machine.log.filter(({ level }) => level === 'warn').map(({ text }) => text)).toEqual([
      'toy: no usable path - requeuing I/O',
      'toy: no available path - failing I/O',
    ]);
  });

  it('parks for a path only when both the value and the flag of available_path say so', () => {
    const parks = (returned: boolean, flag: boolean | 'not written'): boolean =>
      runAlone(function* () {
        const template: mpath_head_template = {
          ...toyTemplate,
          *available_path(_dev, available: bool_pointer): Steps<boolean> {
            if (flag !== 'not written') available.value = flag;
            return returned;
          },
        };
        const { head, gendisk, path } = yield* makeOnePathHead(template);
        path.disabled = true;
        yield* submit_bio(newBio(gendisk, []));
        return bio_list_entries(head.requeue_list).length === 1;
      }).value;
    expect(parks(true, true)).toBe(true);
    expect(parks(true, false)).toBe(false);
    expect(parks(false, true)).toBe(false);
    expect(parks(true, 'not written')).toBe(false);
  });

  it('parks when the head is told to queue, but never once the disk is not live', () => {
    const { value } = runAlone(function* () {
      const { head, disk, gendisk } = yield* makeHead([]);
      const path = yield* addPath(head, { ...usable, disabled: true, available: false }, yield* makePathDisk('path0'));
      const submit = function* (): Steps<string> {
        const ended: string[] = [];
        yield* libV1.mpath_bdev_submit_bio(head, disk, newBio(gendisk, ended));
        return ended[0] ?? 'parked';
      };
      yield* libV1.mpath_delayed_removal_secs_store(head, '5');
      const notLive = yield* submit();
      yield* libV1.mpath_device_set_live(disk, path);
      const live = yield* submit();
      yield* libV1.mpath_delayed_removal_secs_store(head, '0');
      return [notLive, live, yield* submit()];
    });
    expect(value).toEqual([`0: ${BLK_STS_IOERR}`, 'parked', `0: ${BLK_STS_IOERR}`]);
  });
});

describe('mpath_requeue_work of v1', () => {
  it('submits again first in, first out; what is parked again waits for the next kick', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 6 }), (bios) => {
        const { value } = runAlone(function* () {
          const { head, gendisk, path } = yield* makeOnePathHead();
          const ended: string[] = [];
          path.disabled = true;
          for (let sector = 0; sector < bios; sector++) yield* submit_bio(newBio(gendisk, ended, sector));
          yield* kblockd_schedule_work(head.requeue_work);
          yield* settle();
          const again = bio_list_entries(head.requeue_list).map(({ bi_sector }) => bi_sector);
          path.disabled = false;
          // Exported: a driver may as well call it.
          yield* libV1.mpath_requeue_work(head);
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
        const { end, machine } = runWith(
          (started) => {
            started.spawn('driver', function* () {
              const { head, disk, gendisk } = yield* makeLiveHead([{ ...usable, disabled: true }], policy);
              for (const sector of [0, 1]) {
                started.spawn(`submitter ${String(sector)}`, () => submit_bio(newBio(gendisk, ended, sector)));
              }
              const path = yield* addPath(head, usable, yield* makePathDisk('path1'));
              yield* libV1.mpath_device_set_live(disk, path);
            });
          },
          { ...chooser(seed), branch: () => 0 },
        );
        expect(end).toBe('finished');
        expect(machine.reports).toEqual([]);
        expect([...ended].sort()).toEqual(['0: ok', '1: ok']);
      }),
      { numRuns: 150 },
    );
  });
});
