// SPDX-License-Identifier: GPL-2.0-only
import { expect, it } from 'vitest';
import { KObject } from '../object.js';
import { kfn } from '../kfn.js';
import { conflicts, type Step } from '../step.js';
import { everySchedule } from '../testing/run.js';
import { one } from '../testing/one.js';
import {
  load,
  load_at,
  rcu_assign_pointer,
  rcu_dereference,
  READ_ONCE,
  store,
  store_at,
  WRITE_ONCE,
} from './access.js';
import { kfree, kzalloc } from './alloc.js';

class part extends KObject {
  value = 0;
}

class thing extends KObject {
  value = 1;
  next: thing | null = null;
  readonly slots: (thing | null)[] = [null, null];
  readonly part = new part(this);
}

it('reads and writes fields and elements, one step each, with the value in the step', () => {
  const { reports, events } = one(function* () {
    const o = yield* kzalloc(() => new thing());
    yield* store(o, 'value', 2);
    expect(yield* load(o, 'value')).toBe(2);
    yield* WRITE_ONCE(o, 'value', 3);
    expect(yield* READ_ONCE(o, 'value')).toBe(3);
    yield* rcu_assign_pointer(o, 'next', o);
    expect(yield* rcu_dereference(o, 'next')).toBe(o);
    yield* rcu_assign_pointer(o, 'slots', o, 1);
    expect(yield* rcu_dereference(o, 'slots', 1)).toBe(o);
    yield* store_at(o, 'slots', 0, o);
    expect(yield* load_at(o, 'slots', 0)).toBe(o);
  });
  expect(reports).toEqual([]);
  expect(events.slice(0, 2)).toEqual(['t fn: store thing.value = 2', 't fn: load thing.value = 2']);
  expect(events).toHaveLength(10);
});

it('reports an access after the free, with who allocated and who freed, and kills the task', () => {
  const { machine, reports } = one(function* () {
    const o = yield* kzalloc(() => new thing());
    yield* kfn('release', () => kfree(o))();
    yield* load(o.part, 'value');
    throw new Error('the task went on');
  });
  expect(reports).toEqual(['use-after-free: KASAN: slab-use-after-free in fn']);
  expect(machine.task('t')?.killed).toBe(true);
  expect(machine.reports[0]).toMatchObject({
    object: 'thing#1.part',
    task: 't',
    stack: ['fn'],
    others: [
      { role: 'allocated by', where: { task: 't', stack: ['fn'] } },
      { role: 'freed by', where: { task: 't', stack: ['release', 'fn'] } },
    ],
  });
});

it('reports a second free, and a free of something embedded; NULL may be freed', () => {
  expect(
    one(function* () {
      yield* kfree(null);
      const o = new thing();
      yield* kfree(o);
      yield* kfree(o);
    }).reports,
  ).toEqual(['use-after-free: KASAN: double-free in fn']);
  expect(
    one(function* () {
      yield* kfree(new thing().part);
    }).reports,
  ).toEqual(['use-after-free: KASAN: invalid-free in fn']);
});

it('reports an access through NULL and one beyond an array', () => {
  expect(
    one(function* () {
      const o = yield* load(new thing(), 'next');
      yield* load(o, 'value');
    }).reports,
  ).toEqual(['null-dereference: BUG: kernel NULL pointer dereference in fn, field value']);
  expect(
    one(function* () {
      yield* load_at(new thing(), 'slots', 2);
    }).reports,
  ).toEqual(['out-of-bounds: UBSAN: array-index-out-of-bounds in fn: index 2 is out of range for thing.slots[2]']);
});

it('lets the environment refuse memory only where an allocation may fail', () => {
  const given = new Set<string>();
  const schedules = everySchedule(
    (machine) => {
      machine.spawn('t', function* () {
        given.add((yield* kzalloc(() => new thing(), { mayFail: true })) === null ? 'NULL' : 'memory');
      });
    },
    () => undefined,
  );
  expect([schedules, [...given].sort()]).toEqual([2, ['NULL', 'memory']]);
});

it('makes a free conflict with every access to the memory, and with no other', () => {
  const steps: Step[] = [];
  one(function* () {
    const o = new thing();
    for (const body of [kfree(o), load(o.part, 'value'), load(new thing(), 'value')]) {
      const first = body.next();
      if (first.done !== true) steps.push(first.value);
    }
  });
  const [free, inside, elsewhere] = steps;
  if (free === undefined || inside === undefined || elsewhere === undefined) throw new Error('three steps expected');
  expect([conflicts(free, inside), conflicts(inside, free), conflicts(free, elsewhere)]).toEqual([true, true, false]);
});
