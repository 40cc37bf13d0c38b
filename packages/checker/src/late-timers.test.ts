// SPDX-License-Identifier: GPL-2.0-only
import {
  alloc_workqueue,
  delayed_work,
  KObject,
  load,
  queue_delayed_work,
  settle,
  store,
  withCurrent,
  type Program,
  type Steps,
} from '@libmultipath/kernel';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { explore } from './explore.js';

class shared extends KObject {
  log = '';
}

function* note(to: shared, mark: string): Steps<void> {
  yield* store(to, 'log', `${yield* load(to, 'log')}${mark}`);
}

/** Two delayed works, armed before `before` notes of the task's own, `after` more behind a settle point; then it waits. */
const program = (delays: readonly number[], before: number, after: number, lateTimers: boolean): Program => ({
  name: 'late timers',
  options: { lateTimers },
  properties: [],
  make: (machine) => {
    const { it, work, wq } = withCurrent(machine, undefined, () => {
      const to = new shared();
      const works = delays.map((_, nth) => new delayed_work(to, () => note(to, String(nth)), `work ${String(nth)}`));
      return { it: to, work: works, wq: alloc_workqueue('wq') };
    });
    machine.globals.set('shared', it);
    machine.spawn('user', function* () {
      for (const [nth, delayTicks] of delays.entries()) {
        const own = work[nth];
        if (own !== undefined) yield* queue_delayed_work(wq, own, delayTicks);
      }
      for (let i = 0; i < before; i++) yield* note(it, 'b');
      yield* settle([]);
      for (let i = 0; i < after; i++) yield* note(it, 'a');
    });
    return { outcome: () => it.log };
  },
});

const outcomes = (made: Program, options: Parameters<typeof explore>[1] = {}): readonly string[] => {
  const found = explore(made, { races: false, ...options });
  expect(found.complete).toBe(true);
  return found.outcomes.map(({ value }) => String(value)).sort();
};

test('a late timer comes after all that can go on, settle points included; two of one time in either order', () => {
  expect(outcomes(program([5, 5], 1, 1, true))).toEqual(['ba01', 'ba10']);
  // What the first one starts is at rest again before the second.
  expect(outcomes(program([5, 9], 1, 1, true))).toEqual(['ba01']);
  expect(outcomes(program([5], 1, 1, false)).length).toBeGreaterThan(1);
});

test('the search with its reduction and memo finds of late timers what every schedule shows, and never more than of others', () => {
  const small = fc.record({
    delays: fc.array(fc.integer({ min: 1, max: 3 }), { minLength: 1, maxLength: 2 }),
    before: fc.integer({ min: 0, max: 1 }),
    after: fc.integer({ min: 0, max: 1 }),
  });
  fc.assert(
    fc.property(small, ({ delays, before, after }) => {
      const late = program(delays, before, after, true);
      const every = outcomes(late, { reduction: 'none', memo: false });
      expect(outcomes(late)).toEqual(every);
      const any = outcomes(program(delays, before, after, false));
      for (const one of every) expect(any).toContain(one);
    }),
    { numRuns: 15 },
  );
});
