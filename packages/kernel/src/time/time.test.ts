// SPDX-License-Identifier: GPL-2.0-only
import { expect, it } from 'vitest';
import { kfree } from '../memory/alloc.js';
import { KObject } from '../object.js';
import { might_sleep } from '../sched/might-sleep.js';
import { one } from '../testing/one.js';
import { everySchedule, run } from '../testing/run.js';
import { jiffies, jiffies_to_msecs, msecs_to_jiffies } from './jiffies.js';
import { msleep } from './msleep.js';
import { mod_timer, timer_delete, timer_delete_sync, timer_list, timer_pending } from './timer.js';

class timed extends KObject {
  readonly timer = new timer_list(this, function* () {}, 'fn');
}

it('rounds milliseconds up to ticks', () => {
  expect([0, 1, 4, 5, 1000].map(msecs_to_jiffies)).toEqual([0, 1, 1, 2, 250]);
  expect(jiffies_to_msecs(250)).toBe(1000);
});

it('expires timers in the order of their times, in every schedule', () => {
  const orders = new Set<string>();
  everySchedule(
    (machine) => {
      const log: string[] = [];
      machine.globals.set('log', log);
      const timer = (name: string) =>
        new timer_list(
          undefined,
          function* () {
            log.push(name);
          },
          name,
        );
      const [late, early, same] = [timer('late'), timer('early'), timer('same')];
      machine.spawn('arm', function* () {
        yield* mod_timer(late, 20);
        yield* mod_timer(early, 10);
        yield* mod_timer(same, 10);
      });
    },
    ({ machine, end }) => {
      expect(end).toBe('finished');
      expect(machine.clock.jiffies).toBe(20);
      orders.add(String(machine.globals.get('log')));
    },
  );
  // The timer that is armed first may expire before the others are armed.
  expect([...orders].sort()).toEqual(
    ['early,late,same', 'early,same,late', 'late,early,same', 'late,same,early', 'same,early,late'].sort(),
  );
});

it('sleeps for the time it is asked to, and a tick', () => {
  const { end, machine } = one(function* () {
    yield* msleep(100);
    expect(yield* jiffies()).toBe(26);
    yield* msleep(0);
    expect(yield* jiffies()).toBe(27);
  });
  expect([end, machine.clock.jiffies]).toEqual(['finished', 27]);
});

it('deletes a timer that is armed, and says whether it was', () => {
  const { end, machine, reports } = one(function* () {
    const t = new timer_list(
      undefined,
      function* () {
        throw new Error('it expired');
      },
      't',
    );
    expect(yield* mod_timer(t, 5)).toBe(false);
    expect(yield* mod_timer(t, 6)).toBe(true);
    expect(yield* timer_pending(t)).toBe(true);
    expect(yield* timer_delete(t)).toBe(true);
    expect(yield* timer_delete(t)).toBe(false);
    expect(yield* timer_delete_sync(t)).toBe(false);
  });
  expect([end, machine.clock.jiffies, reports]).toEqual(['finished', 0, []]);
});

it('waits for a running callback only in timer_delete_sync()', () => {
  const seen = new Set<boolean>();
  everySchedule(
    (machine) => {
      let inside = false;
      const t = new timer_list(
        undefined,
        function* () {
          inside = true;
          yield* jiffies();
          inside = false;
        },
        't',
      );
      machine.spawn('a', function* () {
        yield* mod_timer(t, 1);
        yield* timer_delete(t);
        seen.add(inside);
        yield* timer_delete_sync(t);
        expect(inside).toBe(false);
      });
    },
    ({ end }) => {
      expect(end).toBe('finished');
    },
  );
  expect(seen).toEqual(new Set([true, false]));
});

it('reports sleeping in a callback and a free while armed', () => {
  const sleeping = one(function* () {
    const t = new timer_list(
      undefined,
      function* () {
        might_sleep('msleep', undefined);
      },
      't',
    );
    yield* mod_timer(t, 1);
  });
  expect(sleeping.reports).toEqual(['sleep-in-atomic: BUG: sleeping function called from invalid context: msleep']);
  const freed = run((machine) => {
    machine.spawn('t', function* () {
      const o = new timed();
      yield* mod_timer(o.timer, 1);
      yield* kfree(o);
    });
  });
  expect(freed.reports).toEqual([
    'use-after-free: ODEBUG: free active (active state 0) object type: timer_list hint: fn',
    'use-after-free: KASAN: slab-use-after-free in timer/timed#1.fn',
  ]);
});

it.each([
  [true, ['before,expired']],
  [false, ['before,expired', 'expired,before']],
])('expires late timers (%s) after what else can go on', (lateTimers, wanted) => {
  const seen = new Set<string>();
  everySchedule(
    (machine) => {
      const log: string[] = [];
      machine.globals.set('log', log);
      const timer = new timer_list(
        undefined,
        function* () {
          log.push('expired');
        },
        't',
      );
      machine.spawn('a', function* () {
        yield* mod_timer(timer, 1);
        yield* jiffies();
        log.push('before');
      });
    },
    ({ machine }) => seen.add(String(machine.globals.get('log'))),
    { lateTimers },
  );
  expect([...seen].sort()).toEqual(wanted);
});
