// SPDX-License-Identifier: GPL-2.0-only
import { expect, it } from 'vitest';
import { conflicts, type Step } from '../step.js';
import { one } from '../testing/one.js';
import {
  atomic_dec,
  atomic_dec_and_test,
  atomic_dec_if_positive,
  atomic_dec_return,
  atomic_inc,
  atomic_inc_return,
  atomic_read,
  atomic_set,
  atomic_t,
} from './atomic.js';

it('counts as the kernel does', () => {
  const { reports } = one(function* () {
    const v = new atomic_t(undefined, 1);
    yield* atomic_inc(v);
    expect(yield* atomic_read(v)).toBe(2);
    expect(yield* atomic_inc_return(v)).toBe(3);
    yield* atomic_dec(v);
    expect(yield* atomic_dec_return(v)).toBe(1);
    expect(yield* atomic_dec_if_positive(v)).toBe(0);
    expect(yield* atomic_dec_if_positive(v)).toBe(-1);
    expect(yield* atomic_read(v)).toBe(0);
    yield* atomic_set(v, 1);
    expect(yield* atomic_dec_and_test(v)).toBe(true);
  });
  expect(reports).toEqual([]);
});

it('lets increments commute with each other and with decrements, not with reads', () => {
  one(function* () {
    const v = new atomic_t();
    const first = (body: Generator<Step>): Step => {
      const next = body.next();
      if (next.done === true) throw new Error('a step expected');
      return next.value;
    };
    const [inc, dec, read] = [first(atomic_inc(v)), first(atomic_dec(v)), first(atomic_read(v))];
    expect([conflicts(inc, inc), conflicts(inc, dec), conflicts(inc, read)]).toEqual([false, false, true]);
  });
});
