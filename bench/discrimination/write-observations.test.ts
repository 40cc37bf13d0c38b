// SPDX-License-Identifier: GPL-2.0-only
import { Discriminating } from '@libmultipath/conformance';
import { expect, it } from 'vitest';
import { observationsText } from './write-observations.js';

it('writes what mpath verify counts by, short lists on a line', () => {
  const long = Array.from({ length: 12 }, (_, nth) => `observation ${String(nth)}`);
  const text = observationsText({ '6.1': { short: ['a', 'b "c"'], long, none: [] }, '7.3': { short: ['a'] } });
  const read = Discriminating.parse(text, 'x.json');
  expect([read.count('6.1', 'short'), read.count('6.1', 'long'), read.count('6.1', 'none')]).toEqual([2, 12, 0]);
  expect(text).toContain('      "short": ["a", "b \\"c\\""],\n');
  expect(text).toContain('      "long": [\n        "observation 0",\n');
  expect(text.split('\n').every((line) => line.length <= 120)).toBe(true);
});
