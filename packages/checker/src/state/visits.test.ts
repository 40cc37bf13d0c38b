// SPDX-License-Identifier: GPL-2.0-only
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { Visits } from './visits.js';

const int32 = fc.integer({ min: -(2 ** 31), max: 2 ** 31 - 1 });
/** Few values, so that fingerprints meet in one half, and lists are the same. */
const few = fc.oneof(fc.nat({ max: 3 }), int32);
const visit = fc.record({
  a: few,
  b: few,
  asleep: fc.nat({ max: 2 ** 31 - 1 }),
  futures: fc.array(fc.nat({ max: 4 }), { maxLength: 5 }),
});

it('gives back what was kept last under a fingerprint, and nothing under another', () => {
  fc.assert(
    fc.property(fc.array(visit, { maxLength: 3_000 }), fc.array(fc.tuple(few, few)), (kept, asked) => {
      const visits = new Visits(10_000, 100_000);
      const expected = new Map<string, unknown>();
      for (const { a, b, asleep, futures } of kept) {
        visits.keep(a, b, asleep, Int32Array.from(futures));
        expected.set(`${String(a)} ${String(b)}`, { asleep, futures });
      }
      expect(visits.size).toBe(expected.size);
      for (const { a, b } of [...kept, ...asked.map(([a, b]) => ({ a, b }))]) {
        const found = visits.find(a, b);
        const shown = found && { asleep: found.asleep, futures: [...found.futures] };
        expect(shown).toEqual(expected.get(`${String(a)} ${String(b)}`));
      }
    }),
    { numRuns: 60 },
  );
});

it('keeps a list once, however many states have it', () => {
  const visits = new Visits(10_000, 100_000);
  for (let a = 0; a < 5_000; a++) visits.keep(a, 1, 0, Int32Array.of(1, 2, 3));
  expect([visits.size, visits.kept]).toEqual([5_000, 3]);
});

it('holds lists of more than one chunk', () => {
  const visits = new Visits(10_000, 10_000_000);
  const listOf = (n: number): Int32Array => Int32Array.from({ length: 1_500 }, (_, i) => n * 1_500 + i);
  for (let n = 0; n < 1_000; n++) visits.keep(n, n, n, listOf(n));
  for (let n = 0; n < 1_000; n++) expect(visits.find(n, n)).toEqual({ asleep: n, futures: listOf(n) });
});

it('leaves out what it has no room for, and keeps what it has', () => {
  const few = new Visits(2, 100);
  for (let a = 0; a < 5; a++) few.keep(a, 0, 0, Int32Array.of(a));
  expect([few.size, few.find(1, 0)?.futures[0], few.find(2, 0)]).toEqual([2, 1, undefined]);
  const short = new Visits(100, 4);
  short.keep(1, 0, 0, Int32Array.of(1, 2, 3));
  short.keep(2, 0, 0, Int32Array.of(4, 5));
  short.keep(3, 0, 0, Int32Array.of(1, 2, 3));
  expect([short.find(2, 0), short.find(3, 0)?.futures.length, short.kept]).toEqual([undefined, 3, 3]);
});
