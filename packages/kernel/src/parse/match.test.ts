// SPDX-License-Identifier: GPL-2.0-only
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { E } from '../errno/errno.js';
import { match_string, sysfs_match_string, sysfs_streq } from './match.js';

it('takes one newline at the end of either side for nothing', () => {
  expect([sysfs_streq('a', 'a'), sysfs_streq('a\n', 'a'), sysfs_streq('a', 'a\n'), sysfs_streq('a\n', 'a\n')]).toEqual([
    true,
    true,
    true,
    true,
  ]);
  expect(['a\n\n', 'b', 'A', ' a', 'a ', ''].map((text) => sysfs_streq(text, 'a'))).toEqual(Array(6).fill(false));
  expect([sysfs_streq('', '\n'), sysfs_streq('a\0b', 'a')]).toEqual([true, true]);
});

it('is symmetric', () => {
  const text = fc.array(fc.constantFrom('a', 'b', '\n'), { maxLength: 4 }).map((all) => all.join(''));
  fc.assert(
    fc.property(text, text, (a, b) => {
      expect(sysfs_streq(a, b)).toBe(sysfs_streq(b, a));
      expect(sysfs_streq(a, a)).toBe(true);
    }),
  );
});

const policies = ['numa', 'round-robin', null, 'queue-depth'];

it('finds the index of a string, up to the NULL that ends the array', () => {
  expect(match_string(policies, 'round-robin')).toBe(1);
  expect(match_string(policies, 'round-robin\n')).toBe(-E.EINVAL);
  expect(sysfs_match_string(policies, 'round-robin\n')).toBe(1);
  expect([match_string(policies, 'queue-depth'), sysfs_match_string(policies, '')]).toEqual([-E.EINVAL, -E.EINVAL]);
});
