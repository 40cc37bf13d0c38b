// SPDX-License-Identifier: GPL-2.0-only
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { isAtLeast } from './release.js';

test('releases are compared by number, not by text, and only by the first two', () => {
  expect(isAtLeast('6.12', '6.9')).toBe(true);
  expect(isAtLeast('6.9', '6.12')).toBe(false);
  expect(isAtLeast('7.0', '6.16')).toBe(true);
  expect(isAtLeast('6.11', '6.11')).toBe(true);
  expect(isAtLeast('6.18.15+deb13-cloud-amd64', '6.18')).toBe(true);
});

test('of two releases one is at least the other, and both are only where they are the same', () => {
  const release = fc.tuple(fc.nat(20), fc.nat(40)).map(([major, minor]) => `${String(major)}.${String(minor)}`);
  fc.assert(
    fc.property(release, release, (a, b) => {
      expect(isAtLeast(a, b) || isAtLeast(b, a)).toBe(true);
      expect(isAtLeast(a, b) && isAtLeast(b, a)).toBe(a === b);
    }),
  );
});
