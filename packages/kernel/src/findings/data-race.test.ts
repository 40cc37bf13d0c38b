// SPDX-License-Identifier: GPL-2.0-only
import { expect, it } from 'vitest';
import { atomic_inc, atomic_t } from '../atomic/atomic.js';
import { set_bit } from '../bits/bits.js';
import { kfn } from '../kfn.js';
import { load, load_at, READ_ONCE, store, store_at, WRITE_ONCE } from '../memory/access.js';
import { KObject } from '../object.js';
import type { Steps } from '../step.js';
import { run } from '../testing/run.js';
import { data_race, dataRace, type DataRace, type TakenStep } from './data-race.js';

class shared extends KObject {
  value = 0;
  flags = 0;
  slots = [0, 0];
  readonly count = new atomic_t(this);
}

type Body = (o: shared) => Steps<unknown>;

/** What is said of the last step of each of the two functions. */
const race = (a: Body, b: Body): DataRace | undefined => {
  const last = new Map<string, TakenStep>();
  run(
    (machine) => {
      const o = new shared();
      for (const [name, body] of [
        ['zeta', a],
        ['alpha', b],
      ] as const) {
        machine.spawn(
          name,
          kfn(`${name}_fn`, function* () {
            yield* body(o);
          }),
        );
      }
    },
    undefined,
    { onEvent: ({ task, step }) => last.set(task.name, { task: task.name, step }) },
  );
  const [first, second] = [last.get('zeta'), last.get('alpha')];
  if (first === undefined || second === undefined) throw new Error('two steps expected');
  return dataRace(first, second);
};

const write: Body = (o) => store(o, 'value', 1);
const read: Body = (o) => load(o, 'value');

it('reports a plain write beside any other access, in the words of KCSAN and in one order', () => {
  const pairs: readonly (readonly [Body, Body])[] = [
    [write, read],
    [read, write],
    [write, write],
    [write, (o) => READ_ONCE(o, 'value')],
  ];
  for (const [a, b] of pairs) {
    const found = race(a, b);
    expect(found?.tolerated).toBeUndefined();
    expect(found?.report).toMatchObject({
      class: 'data-race',
      message: 'BUG: KCSAN: data-race in alpha_fn / zeta_fn',
      object: 'shared#1',
      task: 'alpha',
    });
  }
  expect(race(write, read)?.report.others.map(({ role }) => role)).toEqual([
    'read by alpha at alpha_fn: load shared.value',
    'write by zeta at zeta_fn: store shared.value',
  ]);
  expect(
    race(
      (o) => store(o, 'flags', 0),
      (o) => set_bit(1, o, 'flags'),
    )?.tolerated,
  ).toBeUndefined();
});

it('makes a note of what is marked, and of a plain read beside a marked write', () => {
  expect(race(write, (o) => data_race(load(o, 'value')))?.tolerated).toBe('marked with data_race()');
  expect(race(read, (o) => WRITE_ONCE(o, 'value', 1))?.tolerated).toBe('a plain read beside a marked write');
});

it('gives on what the marked access gives', () => {
  const seen: number[] = [];
  race(write, function* (o) {
    seen.push(yield* data_race(load(o, 'value')));
  });
  expect(seen).toEqual([1]);
});

it('is silent where nothing is written, nothing is shared, or all is marked', () => {
  const silent: readonly (readonly [Body, Body])[] = [
    [read, read],
    [write, (o) => store(o, 'flags', 1)],
    [(o) => store_at(o, 'slots', 0, 1), (o) => load_at(o, 'slots', 1)],
    [(o) => WRITE_ONCE(o, 'value', 1), (o) => READ_ONCE(o, 'value')],
    [(o) => atomic_inc(o.count), (o) => atomic_inc(o.count)],
  ];
  expect(silent.map(([a, b]) => race(a, b))).toEqual(silent.map(() => undefined));
});
