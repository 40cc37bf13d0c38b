// SPDX-License-Identifier: GPL-2.0-only
import { BLK_OPEN_READ, E, kfree, kfn, type Machine, type Steps } from '@libmultipath/kernel';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { libV3 } from './v3/make-v3.js';
import { mpath_head } from './v3/structures.js';
import { everySchedule, runWith, seeded } from './testing/schedules.js';
import { initHead, makeLiveHead, runAlone } from './testing/toy-driver.js';

/** Waits for every opener, then frees, as a driver does. */
const uninitAndFree = kfn('driver_release', function* (head: mpath_head): Steps<void> {
  yield* libV3.mpath_head_uninit(head);
  yield* kfree(head);
});

describe('mpath_get_head and mpath_put_head', () => {
  it('count, and refuse with -ENXIO once the count has been 0', () => {
    const { value, machine } = runAlone(function* () {
      const head = yield* initHead();
      const first = yield* libV3.mpath_get_head(head);
      const opened = head.refcount.refs;
      yield* libV3.mpath_put_head(head);
      yield* libV3.mpath_put_head(head);
      return {
        first,
        opened,
        left: head.refcount.refs,
        dead: yield* libV3.mpath_get_head(head),
        srcu: head.srcu.cleanedUp,
      };
    });
    expect(value).toEqual({ first: 0, opened: 2, left: 0, dead: -E.ENXIO, srcu: true });
    expect(machine.reports).toEqual([]);
  });

  it('are what open and release of the disk do', () => {
    const { value } = runAlone(function* () {
      const { head, disk } = yield* makeLiveHead();
      const opened = yield* disk.fops.open?.(disk, BLK_OPEN_READ) ?? nothing();
      const during = head.refcount.refs;
      yield* disk.fops.release?.(disk) ?? nothing();
      return { opened, during, after: head.refcount.refs, owner: disk.fops.owner };
    });
    expect(value).toEqual({ opened: 0, during: 2, after: 1, owner: undefined });
  });

  it('balance over any order of opens and closes, and uninit ends when the last one has closed', () => {
    fc.assert(
      fc.property(fc.integer(), fc.integer({ min: 0, max: 4 }), (seed, openers) => {
        const ended: string[] = [];
        const ran = runWith((machine) => {
          const head = new mpath_head();
          machine.spawn('driver', function* () {
            yield* initHead(0, undefined, head);
            for (let index = 0; index < openers; index++) {
              yield* libV3.mpath_get_head(head);
              machine.spawn(`opener ${String(index)}`, function* () {
                yield* libV3.mpath_synchronize(head);
                yield* libV3.mpath_put_head(head);
                ended.push('closed');
              });
            }
            yield* libV3.mpath_head_uninit(head);
            ended.push('uninit');
            expect(head.refcount.refs).toBe(0);
          });
        }, seeded(seed));
        expect(ran.end).toBe('finished');
        expect(ran.machine.reports).toEqual([]);
        expect(ended.filter((entry) => entry === 'closed')).toHaveLength(openers);
        expect(ended).toContain('uninit');
      }),
      { numRuns: 300 },
    );
  });
});

function* nothing(): Steps<number> {
  return -1;
}

describe('mpath_head_uninit', () => {
  it('ends at once without an opener, and cleans the SRCU struct itself', () => {
    const { value, machine } = runAlone(function* () {
      const head = yield* initHead();
      yield* libV3.mpath_head_uninit(head);
      return [head.refcount.refs, head.srcu.cleanedUp];
    });
    expect(value).toEqual([0, true]);
    expect(machine.reports).toEqual([]);
  });

  it('waits, without a bound, while somebody has the disk open', () => {
    const ran = runWith((machine) => {
      machine.spawn('driver', function* () {
        const head = yield* initHead();
        yield* libV3.mpath_get_head(head);
        yield* libV3.mpath_head_uninit(head);
      });
    }, seeded(1));
    expect(ran.end).toBe('stuck');
    expect(ran.machine.task('driver')?.stack()).toEqual(['mpath_head_uninit']);
  });

  it('lets the driver free the head under a put that has not finished with it (kept: v3 does)', () => {
    const race = (machine: Machine): void => {
      const head = new mpath_head();
      head.refcount.refs = 2;
      machine.spawn('opener', () => libV3.mpath_put_head(head));
      machine.spawn('driver', () => uninitAndFree(head));
    };
    const messages = new Set<string>();
    let clean = 0;
    const schedules = everySchedule(race, ({ machine, end }) => {
      expect(end).toBe('finished');
      for (const report of machine.reports) messages.add(`${report.class}: ${report.message} (${report.task})`);
      if (machine.reports.length === 0) clean++;
    });
    expect([...messages]).toEqual(['use-after-free: KASAN: slab-use-after-free in mpath_put_head (opener)']);
    expect(clean).toBeGreaterThan(0);
    expect(clean).toBeLessThan(schedules);
  });
});
