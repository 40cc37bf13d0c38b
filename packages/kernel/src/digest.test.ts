// SPDX-License-Identifier: GPL-2.0-only
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { boot } from './boot.js';
import { currentMachine } from './current.js';
import { stateDigest } from './digest.js';
import { kfn } from './kfn.js';
import { list_head } from './list/list-head.js';
import { list_add_tail } from './list/list-modify.js';
import { Machine } from './machine.js';
import { store } from './memory/access.js';
import { kfree } from './memory/alloc.js';
import { KObject } from './object.js';
import { settle } from './sched/settle.js';
import { everySchedule, run } from './testing/run.js';
import { completion, wait_for_completion } from './wait/completion.js';
import { delayed_work, queue_delayed_work } from './workqueue/delayed-work.js';
import { alloc_workqueue } from './workqueue/alloc-workqueue.js';
import { queue_work } from './workqueue/queue-work.js';
import { mutex, mutex_lock } from './locks/mutex.js';
import type { Steps } from './step.js';

class cell extends KObject {
  next: cell | null = null;
  value: unknown = 0;
}

/** Digest of a machine whose globals are what `make` returns. */
const digestOf = (make: () => unknown, prepare: () => void = () => undefined): string | undefined => {
  const machine = new Machine();
  boot(machine, function* () {
    prepare();
    currentMachine().globals.set('root', make());
  });
  return stateDigest(machine);
};

const ring = (...values: unknown[]): cell => {
  const cells = values.map((value) => {
    const made = new cell();
    made.value = value;
    return made;
  });
  for (const [i, made] of cells.entries()) made.next = cells[(i + 1) % cells.length] ?? null;
  return cells[0] ?? new cell();
};

it('does not depend on how many objects were allocated before', () => {
  const make = () => ring(1, 2, 3);
  expect(digestOf(make)).toBe(digestOf(make, () => void ring(7, 8)));
});

it('tells shapes, values and kinds of values apart', () => {
  class other extends cell {}
  const shared = { a: 1 };
  const states: (() => unknown)[] = [
    () => ring(1, 2),
    () => ring(2, 1),
    () => ring(1, 2, 1, 2),
    () => ring(1),
    () => new cell(),
    () => new other(),
    () => [shared, shared],
    () => [{ a: 1 }, { a: 1 }],
    () => [shared],
    () => [],
    () => [[]],
    () => ({}),
    () => ({ a: undefined }),
    () => new Set([1]),
    () => new Set([1, 2]),
    () => new Map([[1, 2]]),
    () => new Map([[2, 1]]),
    () => new Map([['1', 2]]),
    () => null,
    () => undefined,
    () => 0,
    () => -0,
    () => '0',
    () => false,
    () => 0.5,
    () => Number.NaN,
    () => 2 ** 40,
    () => 10n,
    () => function named() {},
    () => function another() {},
  ];
  const digests = states.map((state) => digestOf(state));
  expect(new Set(digests).size).toBe(states.length);
});

it('does not depend on the order in which a set or a map was filled', () => {
  const value = fc.oneof(fc.integer(), fc.string());
  fc.assert(
    fc.property(fc.uniqueArray(value, { maxLength: 8 }), fc.nat(), (values, turn) => {
      const at = turn % Math.max(1, values.length);
      const turned = [...values.slice(at), ...values.slice(0, at)];
      for (const wrap of [
        (all: unknown[]) => new Set(all),
        (all: unknown[]) => new Map(all.map((v) => [v, v])),
        (all: unknown[]) => new Set(all.map((v) => ring(v, 0))),
        (all: unknown[]) => new Map(all.map((v) => [ring(v), ring(v, v)])),
      ]) {
        expect(digestOf(() => wrap(turned))).toBe(digestOf(() => wrap(values)));
      }
    }),
  );
});

it('sees that memory was freed', () => {
  const digest = (free: boolean): string | undefined => {
    const machine = new Machine();
    boot(machine, function* () {
      const c = new cell();
      machine.globals.set('c', c);
      if (free) yield* kfree(c);
    });
    return stateDigest(machine);
  };
  expect(digest(true)).not.toBe(digest(false));
});

it('takes times relative to now', () => {
  const digest = (now: number, delay: number): string | undefined => {
    const machine = new Machine();
    boot(machine, function* () {
      machine.clock.jiffies = now;
      const dw = new delayed_work(undefined, function* () {}, 'dw');
      machine.globals.set('dw', dw);
      yield* queue_delayed_work(alloc_workqueue('wq'), dw, delay);
    });
    return stateDigest(machine);
  };
  expect(digest(0, 10)).toBe(digest(500, 10));
  expect(digest(0, 10)).not.toBe(digest(0, 11));
});

it('is undefined while a live task waits outside a rest point, and sees its locals inside one', () => {
  const digest = (rest?: readonly unknown[]): string | undefined =>
    stateDigest(
      run((machine) => {
        const done = new completion();
        machine.spawn(
          't',
          kfn('waits', () => wait_for_completion(done, rest)),
        );
      }).machine,
    );
  expect(digest()).toBeUndefined();
  expect(digest([1])).toBe(digest([1]));
  expect(digest([1])).not.toBe(digest([2]));
  expect(digest([])).toMatch(/^[0-9a-f]{16}$/);
});

it('is one for all schedules that lead to one state, also where they start lanes in another order', () => {
  const digests = new Set<string | undefined>();
  class jobs extends KObject {
    readonly lock = new mutex(this);
    readonly list = new list_head<item>(this);
  }
  class item extends KObject {
    readonly entry = new list_head<item>(this);
    readonly work = new delayed_work(this, function* () {}, 'item');
  }
  everySchedule(
    (machine) => {
      const o = new jobs();
      machine.globals.set('o', o);
      const wq = alloc_workqueue('wq');
      const items = [new item(), new item()];
      const part = (n: number) =>
        function* (): Steps<void> {
          const mine = items[n] ?? new item();
          yield* queue_work(wq, mine.work);
          const extra = new cell();
          yield* store(extra, 'value', n);
          machine.globals.set(`extra${String(n)}`, extra);
        };
      boot(machine, function* () {
        for (const each of items) yield* list_add_tail(each.entry, o.list);
      });
      machine.spawn('a', part(0));
      machine.spawn('b', part(1));
    },
    ({ machine, reports }) => {
      expect(reports).toEqual([]);
      digests.add(stateDigest(machine));
    },
  );
  expect(digests.size).toBe(1);
});

it('tells apart who holds a lock', () => {
  const holder = (name: string): string | undefined => {
    const { machine } = run((m) => {
      const lock = new mutex();
      m.globals.set('lock', lock);
      for (const task of ['a', 'b']) {
        m.spawn(task, function* () {
          if (task === name) yield* mutex_lock(lock);
        });
      }
    });
    return stateDigest(machine);
  };
  expect(holder('a')).not.toBe(holder('b'));
});

it('settles when nobody else can go on, also two at a time', () => {
  everySchedule(
    (machine) => {
      const c = new cell();
      machine.spawn('worker', function* () {
        yield* store(c, 'value', 1);
        yield* store(c, 'value', 2);
      });
      for (const name of ['s0', 's1']) {
        machine.spawn(name, function* () {
          yield* settle([]);
          expect(c.value).toBe(2);
        });
      }
    },
    ({ end }) => {
      expect(end).toBe('finished');
    },
  );
});

it('refuses an initial state that waits', () => {
  expect(() =>
    boot(new Machine(), function* () {
      yield* wait_for_completion(new completion());
    }),
  ).toThrow('waits for something that cannot happen yet');
});
