// SPDX-License-Identifier: GPL-2.0-only
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { virtualTime, type Chooser } from './chooser.js';
import { Frame, Places } from './frame.js';
import { kfn } from './kfn.js';
import type { Machine } from './machine.js';
import { load, store } from './memory/access.js';
import { KObject } from './object.js';
import type { Steps } from './step.js';
import { bodies, mixed, themes } from './testing/mixed-program.js';
import { one } from './testing/one.js';
import { run } from './testing/run.js';

class thing extends KObject {
  value = 0;
}

class other extends KObject {
  value = 0;
}

it('returns what the function returns, however deep, with the stack of each step', () => {
  const stacks: string[] = [];
  const sum: (o: thing, n: number) => Steps<number> = kfn('sum', function* (o: thing, n: number): Steps<number> {
    const own = yield* load(o, 'value');
    return n === 0 ? own : own + (yield* sum(o, n - 1));
  });
  let result = 0;
  run(
    (machine) => {
      const o = new thing();
      o.value = 2;
      machine.spawn('t', function* () {
        result = yield* sum(o, 3);
        yield* store(o, 'value', result);
      });
    },
    virtualTime(),
    { onEvent: ({ task }) => stacks.push(task.stack().join('<')) },
  );
  expect(result).toBe(8);
  // Where the task stands after each of its steps: before the next one, or at its end.
  expect(stacks).toEqual(['sum<sum', 'sum<sum<sum', 'sum<sum<sum<sum', '', '']);
});

it('lets a caller catch what a function throws, and goes on in its frame', () => {
  const { events, reports } = one(function* () {
    const o = new thing();
    const bad = kfn('bad', function* (): Steps<void> {
      yield* load(o, 'value');
      yield* load(null as thing | null, 'value');
    });
    try {
      yield* bad();
    } catch {
      yield* load(o, 'value');
    }
  });
  expect(reports).toEqual(['null-dereference: BUG: kernel NULL pointer dereference in bad, field value']);
  expect(events).toEqual(['t bad: load thing.value = 0', 't fn: load thing.value = 0']);
});

it('refuses to be driven by hand past its call', () => {
  const call = kfn('fn', function* (): Steps<void> {})();
  call.next();
  expect(() => call.next()).toThrow('fn is a kernel function: only the loop can run it');
});

it('numbers the places of an activation as counting each of them apart does, before and after a table is full', () => {
  const place = fc.tuple(fc.constantFrom('load', 'store'), fc.boolean(), fc.nat({ max: 12 }));
  fc.assert(
    fc.property(fc.array(fc.array(place, { maxLength: 80 }), { maxLength: 4 }), (activations) => {
      one(function* () {
        const [a, b] = [new thing(), new other()];
        const places = new Places();
        for (const activation of activations) {
          const frame = new Frame('fn', undefined, places);
          const naive = new Map<string, number>();
          for (const [op, isOther, n] of activation) {
            const key = `${op} ${String(isOther)} ${String(n)}`;
            expect(frame.count(op, isOther ? b : a, `field${String(n)}`)).toBe(naive.get(key) ?? 0);
            naive.set(key, (naive.get(key) ?? 0) + 1);
          }
        }
      });
    }),
    { numRuns: 200 },
  );
});

it('chooses in virtual time what it would choose when shown everybody', () => {
  const shownAll = (): Chooser => {
    const inner = virtualTime();
    return { pick: (enabled, machine) => inner.pick(enabled, machine) };
  };
  const parts = fc
    .constantFrom(...themes)
    .chain((theme) => fc.array(fc.tuple(fc.constantFrom(...theme), fc.nat({ max: 3 })), { maxLength: 5 }));
  const saw = (program: (machine: Machine) => void, chooser: Chooser) => {
    const { end, events, reports } = run(program, chooser);
    return { end, events, reports };
  };
  expect(Object.keys(bodies).length).toBeGreaterThan(20);
  fc.assert(
    fc.property(parts, (program) => {
      expect(saw(mixed(program), virtualTime())).toEqual(saw(mixed(program), shownAll()));
    }),
    { numRuns: 300 },
  );
});
