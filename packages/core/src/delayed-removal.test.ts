// SPDX-License-Identifier: GPL-2.0-only
import { HZ, module, settle, type Steps } from '@libmultipath/kernel';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { libV3 } from './v3/make-v3.js';
import type { mpath_head } from './v3/structures.js';
import { everySchedule, runWith, seeded } from './testing/schedules.js';
import { addPath, makeHead, runAlone, toyTemplate, usable } from './testing/toy-driver.js';

const EINVAL = -22;
const ERANGE = -34;

/** A head without paths of a driver in a module, told to wait for `secs`; notes when the driver is asked to remove it. */
function* waiting(secs: string, removed: number[] = []): Steps<{ head: mpath_head; driver: module }> {
  const template = {
    ...toyTemplate,
    *remove_head(head: mpath_head): Steps<void> {
      removed.push(head.drv_module?.refcnt ?? -1);
    },
  };
  const { head } = yield* makeHead([], 0, template);
  const driver = new module('toy');
  head.drv_module = driver;
  yield* libV3.mpath_delayed_removal_secs_store(head, secs);
  return { head, driver };
}

describe('mpath_delayed_removal_secs_store and _show', () => {
  it.each([
    ['5', 1, '5\n', true],
    ['0x5\n', 4, '5\n', true],
    ['0', 1, '0\n', false],
    ['4294967295', 10, '4294967295\n', true],
    ['-1', EINVAL, '7\n', true],
    ['x', EINVAL, '7\n', true],
    [' 6', EINVAL, '7\n', true],
    ['', EINVAL, '7\n', true],
    ['4294967296', ERANGE, '7\n', true],
  ])('%j gives %d, and then the value is %j', (text, result, shown, queues) => {
    const { value } = runAlone(function* () {
      const { head } = yield* waiting('7');
      const stored = yield* libV3.mpath_delayed_removal_secs_store(head, text);
      return [
        stored,
        yield* libV3.mpath_delayed_removal_secs_show(head),
        yield* libV3.mpath_head_queue_if_no_path(head),
      ];
    });
    expect(value).toEqual([result, shown, queues]);
  });

  it('kicks nobody, and leaves a removal that is pending its time', () => {
    const { value, machine } = runAlone(function* () {
      const { head } = yield* waiting('10');
      yield* libV3.mpath_can_remove_head(head);
      yield* libV3.mpath_delayed_removal_secs_store(head, '1');
      yield* libV3.mpath_delayed_removal_secs_store(head, '0');
      return [head.remove_work?.pending, head.requeue_work?.pending];
    });
    expect(value).toEqual([true, false]);
    expect(machine.clock.jiffies).toBe(10 * HZ);
  });
});

describe('mpath_can_remove_head', () => {
  it('says yes at once without a delay, and leaves the module alone', () => {
    const { value } = runAlone(function* () {
      const { head, driver } = yield* waiting('0');
      return [yield* libV3.mpath_can_remove_head(head), head.remove_work?.pending, driver.refcnt];
    });
    expect(value).toEqual([true, false, 0]);
  });

  it('says yes when the module is going, and does not arm', () => {
    const { value } = runAlone(function* () {
      const { head, driver } = yield* waiting('3');
      driver.state = 'going';
      return [yield* libV3.mpath_can_remove_head(head), head.remove_work?.pending, driver.refcnt];
    });
    expect(value).toEqual([true, false, 0]);
  });

  it('says no and removes when the time is over, on one module reference that is dropped after', () => {
    const removed: number[] = [];
    let driver: module | undefined;
    const { value, machine } = runAlone(function* () {
      const made = yield* waiting('3', removed);
      driver = made.driver;
      return [yield* libV3.mpath_can_remove_head(made.head), made.driver.refcnt];
    });
    expect(value).toEqual([false, 1]);
    expect(removed).toEqual([1]);
    expect(driver?.refcnt).toBe(0);
    expect(machine.clock.jiffies).toBe(3 * HZ);
    expect(machine.reports).toEqual([]);
  });

  it('counts built-in code as pinned', () => {
    const { value } = runAlone(function* () {
      const { head } = yield* waiting('3');
      head.drv_module = null;
      return yield* libV3.mpath_can_remove_head(head);
    });
    expect(value).toBe(false);
  });

  it('forms the delay in unsigned int, so a long one wraps', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 0xffff_ffff }), (secs) => {
        const { machine } = runAlone(function* () {
          const { head } = yield* waiting(String(secs));
          yield* libV3.mpath_can_remove_head(head);
        });
        expect(machine.clock.jiffies).toBe(Number((BigInt(secs) * BigInt(HZ)) % 2n ** 32n));
      }),
      { numRuns: 50 },
    );
  });

  it('takes a module reference again when it arms a removal that is pending (kept: v3 does)', () => {
    let driver: module | undefined;
    const { machine } = runAlone(function* () {
      const made = yield* waiting('3');
      driver = made.driver;
      yield* libV3.mpath_can_remove_head(made.head);
      yield* libV3.mpath_can_remove_head(made.head);
    });
    expect(driver?.refcnt).toBe(1);
    expect(machine.reports).toEqual([]);
  });

  it('reports a driver that has no remove_head', () => {
    const ran = runWith((machine) => {
      machine.spawn('driver', function* () {
        const { head } = yield* makeHead([], 0);
        yield* libV3.mpath_delayed_removal_secs_store(head, '1');
        yield* libV3.mpath_can_remove_head(head);
      });
    }, seeded(1));
    expect(ran.machine.reports.map(({ message }) => message)).toEqual([
      'BUG: kernel NULL pointer dereference: mpath_head_template.remove_head',
    ]);
  });
});

describe('a path that comes back', () => {
  it('calls the removal off and drops the module reference', () => {
    const removed: number[] = [];
    const { value, machine } = runAlone(function* () {
      const { head, driver } = yield* waiting('3', removed);
      yield* libV3.mpath_can_remove_head(head);
      yield* addPath(head, usable);
      yield* settle();
      return [head.remove_work?.pending, driver.refcnt];
    });
    expect(value).toEqual([false, 0]);
    expect(removed).toEqual([]);
    expect(machine.clock.jiffies).toBe(0);
  });

  it('drops nothing when no removal was pending', () => {
    const { value, machine } = runAlone(function* () {
      const { head, driver } = yield* waiting('3');
      yield* addPath(head, usable);
      return driver.refcnt;
    });
    expect(value).toBe(0);
    expect(machine.reports).toEqual([]);
  });

  it('races the timer: either it is called off or it runs, and the module reference is back either way', () => {
    let removed: number[] = [];
    let driver: module | undefined;
    const ways = new Set<string>();
    everySchedule(
      (machine) => {
        removed = [];
        machine.spawn('driver', function* () {
          const made = yield* waiting('3', removed);
          driver = made.driver;
          yield* libV3.mpath_can_remove_head(made.head);
          yield* addPath(made.head, usable);
        });
      },
      ({ machine, end }) => {
        expect(end).toBe('finished');
        expect(machine.reports).toEqual([]);
        expect(driver?.refcnt).toBe(0);
        ways.add(removed.length === 0 ? 'called off' : 'removed');
      },
    );
    expect([...ways].sort()).toEqual(['called off', 'removed']);
  });
});
