// SPDX-License-Identifier: GPL-2.0-only
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { parseShard, partOf } from './shard.js';

it('the parts are disjoint, together they are the list, and none is more than one larger than another', () => {
  fc.assert(
    fc.property(fc.uniqueArray(fc.nat(), { minLength: 1, maxLength: 40 }), fc.nat(), (items, chance) => {
      const count = (chance % items.length) + 1;
      const parts = Array.from({ length: count }, (_part, nth) => partOf(items, { index: nth + 1, count }));
      expect(parts.flat().toSorted((a, b) => a - b)).toEqual(items.toSorted((a, b) => a - b));
      const sizes = parts.map((part) => part.length);
      expect(Math.max(...sizes) - Math.min(...sizes)).toBeLessThanOrEqual(1);
    }),
  );
});

it('more parts than scenarios are refused: one would compare nothing', () => {
  expect(() => partOf(['a'], { index: 1, count: 2 })).toThrow(expect.objectContaining({ code: 'LMP-909' }));
});

it.each(['0/2', '3/2', '1', '1/2/3', 'a/b', '1/0', '-1/2', ''])('%j is no shard', (text) => {
  expect(() => parseShard(text)).toThrow(SyntaxError);
});

it('2/5 is the second of five', () => {
  expect(parseShard('2/5')).toEqual({ index: 2, count: 5 });
});
