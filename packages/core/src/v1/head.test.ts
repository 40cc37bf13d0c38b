// SPDX-License-Identifier: GPL-2.0-only
import { bdev_open, bdev_release, E, settle, type Steps } from '@libmultipath/kernel';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { everySchedule, runWith, seeded } from '../testing/schedules.js';
import { runAlone } from '../testing/toy-driver.js';
import { libV1 } from './make-v1.js';
import { makeLiveHead, makeOnePathHead, makeToy } from './testing/toy-driver.js';
import { mpath_head, type mpath_disk } from './structures.js';

describe('mpath_alloc_head', () => {
  it('gives a head with one reference, no delay, and nothing cached on any node', () => {
    const { value, machine } = runAlone(function* () {
      const head = yield* libV1.mpath_alloc_head();
      if (!(head instanceof mpath_head)) throw new Error('no memory');
      const { requeue_work, remove_work, delayed_removal_secs, flags } = head;
      return [
        head.ref.refcount.refs,
        requeue_work?.pending,
        remove_work,
        delayed_removal_secs,
        flags,
        new Set(head.current_path),
      ];
    });
    expect(value).toEqual([1, false, null, 0, 0, new Set([null])]);
    expect(machine.reports).toEqual([]);
  });

  it('gives -ENOMEM when there is no memory for the head, or for its SRCU struct, and then keeps no head', () => {
    const results: (number | string)[] = [];
    everySchedule(
      (machine) => {
        machine.spawn('driver', function* () {
          const head = yield* libV1.mpath_alloc_head({ mayFail: true });
          results.push(head instanceof mpath_head ? 'head' : head);
        });
      },
      ({ machine }) => {
        expect(machine.reports).toEqual([]);
      },
    );
    expect(results).toEqual(['head', -E.ENOMEM, -E.ENOMEM]);
  });
});

describe('mpath_get_head and mpath_put_head', () => {
  it('count; the last put cleans the SRCU struct and frees', () => {
    const { value } = runAlone(function* () {
      const { head } = yield* makeToy();
      const got = yield* libV1.mpath_get_head(head);
      yield* libV1.mpath_put_head(head);
      const before = [got, head.ref.refcount.refs, head.srcu.cleanedUp, head.alloc.freed];
      yield* libV1.mpath_put_head(head);
      return [...before, head.srcu.cleanedUp, head.alloc.freed];
    });
    expect(value).toEqual([0, 1, false, false, true, true]);
  });

  it('refuse a head whose count is 0 with -ENXIO', () => {
    const { value } = runAlone(function* () {
      const { head } = yield* makeToy();
      head.ref.refcount.refs = 0;
      return yield* libV1.mpath_get_head(head);
    });
    expect(value).toBe(-E.ENXIO);
  });
});

describe('an open of the disk', () => {
  it('holds a reference on the mpath_disk alone', () => {
    const { value } = runAlone(function* () {
      const { head, disk, gendisk } = yield* makeOnePathHead();
      const refs = (): number[] => [disk.ref.refcount.refs, head.ref.refcount.refs];
      const before = refs();
      const error = yield* bdev_open(gendisk);
      const during = refs();
      yield* bdev_release(gendisk);
      return [error, before, during, refs(), gendisk.fops.owner];
    });
    expect(value).toEqual([0, [1, 1], [2, 1], [1, 1], undefined]);
  });

  it('keeps disk and head beyond the unregistration, until the last close', () => {
    const { value, machine } = runAlone(function* () {
      const { head, disk, gendisk } = yield* makeOnePathHead();
      yield* bdev_open(gendisk);
      yield* libV1.mpath_unregister_disk(disk);
      yield* settle();
      const during = [disk.alloc.freed, head.alloc.freed];
      yield* bdev_release(gendisk);
      return [during, disk.alloc.freed, head.alloc.freed, gendisk.alloc.freed];
    });
    expect(value).toEqual([[false, false], true, true, true]);
    expect(machine.reports).toEqual([]);
  });

  it('is -ENXIO when the count of the mpath_disk is 0', () => {
    const { value } = runAlone(function* () {
      const { disk, gendisk } = yield* makeOnePathHead();
      disk.ref.refcount.refs = 0;
      return yield* bdev_open(gendisk);
    });
    expect(value).toBe(-E.ENXIO);
  });

  it('balances, whoever closes last', () => {
    fc.assert(
      fc.property(fc.integer(), fc.integer({ min: 0, max: 3 }), (seed, openers) => {
        const disks: mpath_disk[] = [];
        const { end, machine } = runWith((started) => {
          started.spawn('driver', function* () {
            const { disk, gendisk } = yield* makeLiveHead(undefined, 0, undefined, 0);
            disks.push(disk);
            yield* settle();
            for (let index = 0; index < openers; index++) {
              yield* bdev_open(gendisk);
              started.spawn(`opener ${String(index)}`, (): Steps<void> => bdev_release(gendisk));
            }
            yield* libV1.mpath_remove_disk(disk);
            yield* settle();
            yield* libV1.mpath_put_disk(disk);
          });
        }, seeded(seed));
        expect(machine.reports).toEqual([]);
        expect(end).toBe('finished');
        expect(disks[0]?.alloc.freed).toBe(true);
      }),
      { numRuns: 100 },
    );
  });
});
