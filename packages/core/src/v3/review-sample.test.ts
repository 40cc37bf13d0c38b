// SPDX-License-Identifier: GPL-2.0-only
import {
  bio_list_entries,
  BLK_STS_IOERR,
  delete_module,
  kfree,
  module,
  settle,
  submit_bio,
  type bio,
  type Machine,
  type Steps,
} from '@libmultipath/kernel';
import { describe, expect, it } from 'vitest';
import { byPriority, everySchedule, runWith, seeded } from '../testing/schedules.js';
import {
  addPath,
  initHead,
  makeHead,
  makeLiveHead,
  newBio,
  runAlone,
  toyTemplate,
  usable,
} from '../testing/toy-driver.js';
import { libV3 } from './make-v3.js';
import type { mpath_head } from './structures.js';

const ENOMEM = -12;

const reportsOf = (machine: Machine): string[] => machine.reports.map((report) => `${report.class}: ${report.message}`);

/* The shapes in which v1 or v2 show a defect of the review sample; v3 shows none of them. */

describe('what v1 and v2 do wrong, in v3', () => {
  it('R-01: the disk holds no reference on the head, and puts none', () => {
    const { value, machine } = runAlone(function* () {
      const { head } = yield* makeLiveHead();
      yield* settle();
      const before = head.refcount.refs;
      yield* libV3.mpath_remove_disk(head);
      yield* libV3.mpath_put_disk(head);
      const after = head.refcount.refs;
      yield* libV3.mpath_head_uninit(head);
      yield* kfree(head);
      return [before, after];
    });
    expect(value).toEqual([1, 1]);
    expect(reportsOf(machine)).toEqual([]);
  });

  it('R-02: set_live of a head without a disk does nothing', () => {
    const { value, machine } = runAlone(function* () {
      const head = yield* initHead();
      yield* libV3.mpath_device_set_live(yield* addPath(head));
      return head.flags;
    });
    expect(value).toBe(0);
    expect(reportsOf(machine)).toEqual([]);
  });

  it.each([
    ['none', []],
    ['disabled', [{ ...usable, disabled: true }]],
  ])('R-03: the full scan finds nothing, and caches nothing, when the paths are: %s', (_name, paths) => {
    const ends = new Set<unknown>();
    const schedules = everySchedule(
      (machine) => {
        machine.spawn('submitter', function* () {
          const { head } = yield* makeHead(paths, 0);
          if (head.disk !== null) yield* libV3.mpath_bdev_submit_bio(head, newBio(head.disk, []));
          ends.add(head.current_path[0]);
        });
      },
      ({ machine }) => {
        expect(reportsOf(machine)).toEqual([]);
      },
    );
    expect([schedules, [...ends]]).toEqual([1, [null]]);
  });

  it('R-04: a clone that cannot be had fails the original', () => {
    const ended: string[] = [];
    const { machine } = runAlone(function* () {
      const template = {
        ...toyTemplate,
        *clone_bio(): Steps<bio | null> {
          return null;
        },
      };
      const { disk } = yield* makeLiveHead([usable], 0, template);
      yield* settle();
      yield* submit_bio(newBio(disk, ended));
    });
    expect(ended).toEqual([`0: ${BLK_STS_IOERR}`]);
    expect(reportsOf(machine)).toEqual([]);
  });

  it('R-06: the end of the disk flushes its works and fails what is parked, before the head goes', () => {
    for (let seed = 0; seed < 300; seed++) {
      const ended: string[] = [];
      const heads: mpath_head[] = [];
      const { end, machine } = runWith(
        (started) => {
          started.spawn('driver', function* () {
            const { head, disk, paths } = yield* makeLiveHead();
            heads.push(head);
            const [path] = paths;
            if (path === undefined) throw new Error('no path');
            path.disabled = true;
            yield* libV3.mpath_clear_current_path(path);
            yield* libV3.mpath_delete_device(path);
            yield* libV3.mpath_synchronize(head);
            yield* submit_bio(newBio(disk, ended));
            yield* libV3.mpath_remove_disk(head);
            yield* libV3.mpath_put_disk(head);
            expect(bio_list_entries(head.requeue_list)).toEqual([]);
            yield* libV3.mpath_head_uninit(head);
            yield* kfree(head);
          });
        },
        byPriority(seed, 200),
      );
      expect(reportsOf(machine)).toEqual([]);
      expect(end).toBe('finished');
      expect(ended).toEqual([`0: ${BLK_STS_IOERR}`]);
      expect(heads[0]?.alloc.freed).toBe(true);
    }
  });

  it('R-07: a path that comes back gives the module reference back', () => {
    const { value } = runAlone(function* () {
      const { head } = yield* makeHead([], 0);
      const driver = new module('toy');
      head.drv_module = driver;
      yield* libV3.mpath_delayed_removal_secs_store(head, '5');
      const counts: number[] = [];
      for (let round = 0; round < 3; round++) {
        yield* libV3.mpath_can_remove_head(head);
        const dev = yield* addPath(head);
        counts.push(driver.refcnt);
        yield* libV3.mpath_delete_device(dev);
      }
      return [counts, yield* delete_module(driver)];
    });
    expect(value).toEqual([[0, 0, 0], 0]);
  });

  it('R-08: a char device that was never made is not deleted', () => {
    const calls: string[] = [];
    const { machine } = runWith((started) => {
      started.spawn('driver', function* () {
        const template = {
          ...toyTemplate,
          *add_cdev(): Steps<number> {
            calls.push('add_cdev');
            return ENOMEM;
          },
          *del_cdev(): Steps<void> {
            calls.push('del_cdev');
          },
          *cdev_ioctl(): Steps<number> {
            return 0;
          },
        };
        const { head } = yield* makeLiveHead([usable], 0, template);
        yield* settle();
        yield* libV3.mpath_remove_disk(head);
      });
    }, seeded(1));
    expect(calls).toEqual(['add_cdev']);
    expect(reportsOf(machine)).toEqual([]);
  });
});
