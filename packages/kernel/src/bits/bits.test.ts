// SPDX-License-Identifier: GPL-2.0-only
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { KObject } from '../object.js';
import { one } from '../testing/one.js';
import { clear_bit, set_bit, test_and_clear_bit, test_and_set_bit, test_bit } from './bits.js';

class word extends KObject {
  flags = 0;
}

it('behaves as a set of numbers for any sequence of operations', () => {
  const operation = fc.tuple(fc.constantFrom('set', 'clear', 'test', 'tas', 'tac'), fc.integer({ min: 0, max: 30 }));
  fc.assert(
    fc.property(fc.array(operation, { maxLength: 30 }), (operations) => {
      const { reports } = one(function* () {
        const o = new word();
        const expected = new Set<number>();
        for (const [what, nr] of operations) {
          const had = expected.has(nr);
          if (what === 'set') yield* set_bit(nr, o, 'flags');
          if (what === 'clear') yield* clear_bit(nr, o, 'flags');
          if (what === 'test') expect(yield* test_bit(nr, o, 'flags')).toBe(had);
          if (what === 'tas') expect(yield* test_and_set_bit(nr, o, 'flags')).toBe(had);
          if (what === 'tac') expect(yield* test_and_clear_bit(nr, o, 'flags')).toBe(had);
          if (what === 'set' || what === 'tas') expected.add(nr);
          if (what === 'clear' || what === 'tac') expected.delete(nr);
        }
        let mask = 0;
        for (const nr of expected) mask |= 1 << nr;
        expect(o.flags).toBe(mask);
      });
      expect(reports).toEqual([]);
    }),
  );
});

it('faults on NULL', () => {
  expect(
    one(function* () {
      yield* set_bit<'flags'>(0, null, 'flags');
    }).reports,
  ).toEqual(['null-dereference: BUG: kernel NULL pointer dereference in fn, field flags']);
});
