// SPDX-License-Identifier: GPL-2.0-only
import { kfn, KObject, load, mutex, mutex_lock, mutex_unlock, store, type Program } from '@libmultipath/kernel';
import { expect, it } from 'vitest';
import type { Findings } from '../exploration.js';
import { explore } from '../explore.js';
import { findingsOf } from '../finding/collect.js';
import { quick } from '../quick/quick.js';
import { sample } from '../sample.js';

class thing extends KObject {
  value = 0;
  guarded = 0;
  readonly lock = new mutex(this);
}

const writer = kfn('racy_write', function* (o: thing) {
  yield* mutex_lock(o.lock);
  yield* store(o, 'guarded', 1);
  yield* mutex_unlock(o.lock);
  yield* store(o, 'value', 1);
});

const reader = kfn('racy_read', function* (o: thing) {
  yield* load(o, 'value');
  yield* mutex_lock(o.lock);
  yield* load(o, 'guarded');
  yield* mutex_unlock(o.lock);
});

/** One field that a lock guards, and one that nothing does. */
const program: Program = {
  name: 'half guarded',
  make(machine) {
    const o = new thing();
    machine.globals.set('o', o);
    machine.spawn('a', () => writer(o));
    machine.spawn('b', () => reader(o));
    return { outcome: () => o.value };
  },
};

const findings = (found: Findings) => findingsOf(program, found);

it('finds a data race under one id in every mode, and none where a lock orders', () => {
  const [only, ...others] = findings(explore(program));
  expect(others).toEqual([]);
  expect(only).toMatchObject({
    class: 'data-race',
    id: expect.stringMatching(/^RACE-[0-9a-f]{6}$/),
    sites: ['racy_read: load thing.value', 'racy_write: store thing.value'],
    message: 'BUG: KCSAN: data-race in racy_read / racy_write',
  });
  for (const found of [
    explore(program, { revisits: false }),
    explore(program, { reduction: 'none', memo: false }),
    quick(program, { upTo: 1 }),
    sample(program, { seed: 3, schedules: 20 }),
    sample(program, { seed: 3, schedules: 20, method: 'pct' }),
  ]) {
    expect(findings(found).map(({ id }) => id)).toEqual([only?.id]);
  }
});

it('shrinks it to the two accesses and what leads there', () => {
  const [only] = findings(sample(program, { seed: 3, schedules: 20 }));
  expect(only?.events).toBeLessThanOrEqual(5);
  expect(only?.preemptions).toBe(0);
});
