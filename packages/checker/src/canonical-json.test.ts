// SPDX-License-Identifier: GPL-2.0-only
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { canonicalJson } from './canonical-json.js';

it('is JSON of the same value', () => {
  fc.assert(
    fc.property(fc.jsonValue({ noUnicodeString: false }), (value) => {
      expect(JSON.parse(canonicalJson(value))).toEqual(JSON.parse(JSON.stringify(value)));
    }),
  );
});

it('does not depend on the order of keys, nor on absent fields', () => {
  expect(canonicalJson({ b: 1, a: { d: [2], c: null } })).toBe('{"a":{"c":null,"d":[2]},"b":1}');
  expect(canonicalJson({ a: { c: null, d: [2] }, x: undefined, b: 1 })).toBe('{"a":{"c":null,"d":[2]},"b":1}');
  expect(canonicalJson(undefined)).toBe('null');
});

const cycle: Record<string, unknown> = {};
cycle['again'] = [cycle];

it.each([
  [{ a: [Number.NaN] }, 'outcome.a[0]'],
  [{ f: () => 1 }, 'outcome.f'],
  [[1n], 'outcome[0]'],
  [[undefined], 'outcome[0]'],
  [new Map(), 'outcome'],
  [cycle, 'outcome.again[0]'],
])('refuses what is no JSON, and says where: %#', (value, where) => {
  expect(() => canonicalJson(value)).toThrow(expect.objectContaining({ code: 'LMP-304', where }));
});
