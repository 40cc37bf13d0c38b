// SPDX-License-Identifier: GPL-2.0-only
import { canonical, type Json } from '@libmultipath/contract';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { firstDifference } from './first-difference.js';

const json = fc.jsonValue().map((value) => JSON.parse(JSON.stringify(value)) as Json);

describe('firstDifference', () => {
  it.each<[Json, Json, readonly (string | number)[], Json | undefined, Json | undefined]>([
    [{ a: 1, b: { c: '0444', d: 2 } }, { a: 1, b: { d: 2 } }, ['b', 'c'], '0444', undefined],
    [['c0', 'c1'], ['c0', 'c0'], [1], 'c1', 'c0'],
    [['c0'], ['c0', 'c1'], [1], undefined, 'c1'],
    [{ a: null }, { a: 0 }, ['a'], null, 0],
    [{}, [], [], {}, []],
    ['x', 'y', [], 'x', 'y'],
  ])('of %j and %j is at %j', (a, b, path, atA, atB) => {
    expect(firstDifference(a, b)).toEqual({ path, a: atA, b: atB });
  });

  it('is there exactly when the texts differ, and leads to two values that differ', () => {
    fc.assert(
      fc.property(json, json, (a, b) => {
        const found = firstDifference(a, b);
        expect(found === undefined).toBe(canonical(a) === canonical(b));
        if (found === undefined) return;
        const text = (value: Json | undefined): string => (value === undefined ? '' : canonical(value));
        expect(text(found.a)).not.toBe(text(found.b));
      }),
    );
  });
});
