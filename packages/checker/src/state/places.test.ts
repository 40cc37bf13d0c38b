// SPDX-License-Identifier: GPL-2.0-only
import type { Program } from '@libmultipath/kernel';
import { describe, expect, it } from 'vitest';
import { explore } from '../explore.js';
import * as toy from '../toy.test.kit.js';
import { placesOf } from './places.js';

const group = (count: number, prefix = 't') =>
  Array.from({ length: count }, (_, index) => ({ tasks: [`${prefix}${String(index)}`] }));

describe('the ways for alike things to change places', () => {
  it('are all permutations of a small group, that of everything in its own place first', () => {
    const [own, ...others] = placesOf([group(3)]);
    expect(others).toHaveLength(5);
    expect(['t0', 't1', 't2'].map((name) => own?.task(name))).toEqual(['t0', 't1', 't2']);
  });

  it('are those of the first few of a large group, and of several groups no more than are worth it', () => {
    const five = placesOf([group(5)]);
    expect(five).toHaveLength(24);
    expect(new Set(five.map((place) => place.task('t4')))).toEqual(new Set(['t4']));
    expect(placesOf([group(3), group(3, 'u')])).toHaveLength(12);
    expect(placesOf([group(1), []])).toHaveLength(1);
  });
});

/** Tasks that each count up without a lock. */
const counting = (tasks: number): Program =>
  toy.program(`counting ${String(tasks)}`, (machine) => {
    const cell = new toy.cell();
    machine.globals.set('cell', cell);
    for (const { tasks: names } of group(tasks)) {
      for (const name of names) {
        machine.spawn(name, function* () {
          const seen = yield* toy.read(cell);
          yield* toy.write(cell, seen + 1);
        });
      }
    }
    return () => cell.value;
  });

it('a search that lets five alike change places shows what one does that does not, in fewer runs', () => {
  const program = counting(5);
  const alike: Program = {
    ...program,
    make: (machine) => ({ ...program.make(machine), symmetries: [group(5)] }),
  };
  const without = explore(program, { races: false });
  const found = explore(alike, { races: false, revisits: true });
  expect(found.outcomes.map(({ key }) => key)).toEqual(without.outcomes.map(({ key }) => key));
  expect(without.outcomes.map(({ value }) => value)).toEqual([1, 2, 3, 4, 5]);
  expect([without.complete, found.complete]).toEqual([true, true]);
  const alone = explore(program, { races: false, revisits: true });
  expect(found.stats.executions).toBeLessThan((alone.stats.executions * 2) / 3);
});
