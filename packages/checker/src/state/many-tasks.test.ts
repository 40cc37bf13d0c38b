// SPDX-License-Identifier: GPL-2.0-only
import { kfn, mutex, mutex_lock, mutex_unlock, type Program } from '@libmultipath/kernel';
import { expect, it } from 'vitest';
import { explore } from '../explore.js';
import * as toy from '../toy.test.kit.js';

const section = kfn('section', function* (lock: mutex) {
  yield* mutex_lock(lock);
  yield* mutex_unlock(lock);
});

/** Tasks of one mutex, after so many that write a cell each. */
const program = (idle: number): Program =>
  toy.program(`${String(idle)} beside five`, (machine) => {
    const lock = new mutex();
    let last = '';
    for (let nth = 0; nth < idle; nth++) {
      const own = new toy.cell();
      machine.spawn(`own ${String(nth)}`, () => toy.write(own, nth));
    }
    for (const name of ['a', 'b', 'c', 'd', 'e']) {
      machine.spawn(name, function* () {
        yield* section(lock);
        last = name;
      });
    }
    return () => last;
  });

const found = (idle: number, revisits: boolean): readonly unknown[] => {
  const { complete, outcomes, ends } = explore(program(idle), { revisits });
  return [complete, outcomes.map(({ value }) => value), ends.stuck];
};

const met = (idle: number): number => explore(program(idle), { revisits: true }).stats.memoHits;

it.each([0, 20, 21, 26])('states are met again, and nothing is lost, with %i tasks beside five', (idle) => {
  expect(found(idle, true)).toEqual(found(idle, false));
  expect(met(idle)).toBe(met(0));
  expect(met(idle)).toBeGreaterThan(0);
});

it('with more tasks than a set of them holds states are not compared, and nothing is lost', () => {
  expect(found(27, true)).toEqual(found(27, false));
  expect(met(27)).toBeLessThan(met(26));
});
