// SPDX-License-Identifier: GPL-2.0-only
import {
  kfn,
  KObject,
  load,
  mutex,
  mutex_lock,
  mutex_unlock,
  READ_ONCE,
  store,
  WRITE_ONCE,
  type Program,
  type Steps,
} from '@libmultipath/kernel';
import { expect, it } from 'vitest';
import { explore } from '../explore.js';

class thing extends KObject {
  value = 0;
  readonly lock = new mutex(this);
}

const two = (first: (o: thing) => Steps<unknown>, second: (o: thing) => Steps<unknown>): Program => ({
  name: 'two',
  make(machine) {
    const o = new thing();
    const one = kfn('first_fn', first);
    const other = kfn('second_fn', second);
    machine.spawn('a', function* () {
      yield* one(o);
    });
    machine.spawn('b', function* () {
      yield* other(o);
    });
    return { outcome: () => o.value };
  },
});

const messages = (program: Program) => explore(program).races?.map(({ report }) => report.message);

it('reports a plain write that nothing orders with another access, once for a pair of sites', () => {
  const found = explore(
    two(
      function* (o) {
        for (let n = 0; n < 2; n++) yield* store(o, 'value', n);
      },
      (o) => load(o, 'value'),
    ),
  );
  expect(found.races?.map(({ key, report, tolerated }) => [key, report.class, report.message, tolerated])).toEqual([
    [
      'first_fn: store thing.value / second_fn: load thing.value',
      'data-race',
      'BUG: KCSAN: data-race in first_fn / second_fn',
      undefined,
    ],
    [
      'first_fn: store thing.value[1] / second_fn: load thing.value',
      'data-race',
      'BUG: KCSAN: data-race in first_fn / second_fn',
      undefined,
    ],
  ]);
  expect(found.races?.[0]?.schedule.at(-1)?.site).toMatch(/value/);
  expect(found.reports.map(({ report }) => report.class)).toEqual(['data-race', 'data-race']);
});

it('says nothing of accesses that a lock orders, or that are marked on both sides', () => {
  const locked = function* (o: thing): Steps<void> {
    yield* mutex_lock(o.lock);
    yield* store(o, 'value', 1);
    yield* mutex_unlock(o.lock);
  };
  expect(messages(two(locked, locked))).toEqual([]);
  expect(
    messages(
      two(
        (o) => WRITE_ONCE(o, 'value', 1),
        (o) => READ_ONCE(o, 'value'),
      ),
    ),
  ).toEqual([]);
});

it('notes a plain read beside a marked write as tolerated', () => {
  const found = explore(
    two(
      (o) => WRITE_ONCE(o, 'value', 1),
      (o) => load(o, 'value'),
    ),
  );
  expect(found.races?.map(({ tolerated }) => tolerated)).toEqual(['a plain read beside a marked write']);
});
