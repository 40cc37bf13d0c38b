// SPDX-License-Identifier: GPL-2.0-only
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { bitmap_list } from './bitmap-list.js';

const parse = (text: string): number[] =>
  text === ''
    ? []
    : text.split(',').flatMap((range) => {
        const [first = 0, last = first] = range.split('-').map(Number);
        return Array.from({ length: last - first + 1 }, (_, index) => first + index);
      });

describe('bitmap_list', () => {
  it.each([
    [[], ''],
    [[0], '0'],
    [[1, 0], '0-1'],
    [[0, 1, 2, 5, 7, 8], '0-2,5,7-8'],
  ])('prints %j as %j', (bits, text) => {
    expect(bitmap_list(bits)).toBe(text);
  });

  it('holds exactly the bits given, with no two ranges that touch', () => {
    fc.assert(
      fc.property(fc.uniqueArray(fc.nat({ max: 70 })), (bits) => {
        const text = bitmap_list(bits);
        expect(parse(text)).toEqual([...bits].sort((a, b) => a - b));
        expect(bitmap_list(parse(text))).toBe(text);
      }),
    );
  });
});
