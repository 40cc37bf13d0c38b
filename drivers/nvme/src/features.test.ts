// SPDX-License-Identifier: GPL-2.0-only
import { expect, test } from 'vitest';
import { features, featuresOf } from './features.js';

test('6.1 has neither queue-depth nor delayed removal, 7.3 has everything', () => {
  const old = featuresOf('6.1');
  expect(old.has('native-multipath')).toBe(true);
  for (const name of ['queue-depth', 'delayed-removal', 'path-attributes', 'diag-counters'])
    expect(old.has(name)).toBe(false);
  expect([...featuresOf('7.3')].sort()).toEqual(Object.keys(features).sort());
});

test('a kernel in between is predicted by the same table', () => {
  expect(featuresOf('6.12').has('queue-depth')).toBe(true);
  expect(featuresOf('6.12').has('delayed-removal')).toBe(false);
  expect(featuresOf('6.16').has('delayed-removal')).toBe(true);
  expect(featuresOf('6.16').has('diag-counters')).toBe(false);
});
