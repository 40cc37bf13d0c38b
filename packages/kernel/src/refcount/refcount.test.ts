// SPDX-License-Identifier: GPL-2.0-only
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { kfree } from '../memory/alloc.js';
import { KObject } from '../object.js';
import { one } from '../testing/one.js';
import { run, seeded } from '../testing/run.js';
import { kref, kref_get, kref_get_unless_zero, kref_init, kref_put, kref_read } from './kref.js';
import {
  refcount_dec,
  refcount_dec_and_test,
  refcount_inc,
  refcount_inc_not_zero,
  refcount_read,
  REFCOUNT_SATURATED,
  refcount_set,
  refcount_t,
} from './refcount.js';

class counted extends KObject {
  readonly ref = new kref(this);
}

it('reports an increment from zero and saturates', () => {
  const { reports } = one(function* () {
    const r = new refcount_t();
    yield* refcount_inc(r);
    expect(yield* refcount_read(r)).toBe(REFCOUNT_SATURATED);
  });
  expect(reports).toEqual(['refcount: refcount_t: addition on 0; use-after-free.']);
});

it('reports an underflow and saturates', () => {
  const { reports } = one(function* () {
    const r = new refcount_t();
    yield* refcount_set(r, 1);
    expect(yield* refcount_dec_and_test(r)).toBe(true);
    expect(yield* refcount_dec_and_test(r)).toBe(false);
    expect(yield* refcount_read(r)).toBe(REFCOUNT_SATURATED);
  });
  expect(reports).toEqual(['refcount: refcount_t: underflow; use-after-free.']);
});

it('reports saturation and a plain decrement to zero', () => {
  const { reports } = one(function* () {
    const full = new refcount_t(undefined, 0x7fffffff);
    yield* refcount_inc(full);
    const last = new refcount_t(undefined, 1);
    yield* refcount_dec(last);
    const negative = new refcount_t(undefined, -5);
    expect(yield* refcount_inc_not_zero(negative)).toBe(true);
  });
  expect(reports).toEqual([
    'refcount: refcount_t: saturated; leaking memory.',
    'refcount: refcount_t: decrement hit 0; leaking memory.',
    'refcount: refcount_t: saturated; leaking memory.',
  ]);
});

it('takes no reference on an object that is on its way out', () => {
  one(function* () {
    const o = new counted();
    expect(yield* kref_get_unless_zero(o.ref)).toBe(false);
    yield* kref_init(o.ref);
    expect(yield* kref_get_unless_zero(o.ref)).toBe(true);
    expect(yield* kref_read(o.ref)).toBe(2);
  });
});

it('releases once, after the last put, in any interleaving of balanced users', () => {
  fc.assert(
    fc.property(fc.integer(), fc.integer({ min: 1, max: 4 }), (seed, users) => {
      let released = 0;
      const { reports, end } = run((machine) => {
        const o = new counted();
        o.ref.refcount.refs = users;
        for (let n = 0; n < users; n++) {
          machine.spawn(`user${String(n)}`, function* () {
            yield* kref_get(o.ref);
            for (let put = 0; put < 2; put++) {
              yield* kref_put(o.ref, function* () {
                released++;
                yield* kfree(o);
              });
            }
          });
        }
      }, seeded(seed));
      expect([released, reports, end]).toEqual([1, [], 'finished']);
    }),
  );
});
