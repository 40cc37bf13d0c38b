// SPDX-License-Identifier: GPL-2.0-only
import { E } from '@libmultipath/driver-kit';
import { expect, it } from 'vitest';
import { timeout_secs_6_1, timeout_secs_7_3 } from './timeout-secs.js';

it.each([
  ['1', 1, 1],
  ['30\n', 30, 30],
  ['0', 0, -E.EINVAL],
  ['-1', 17_179_868, -E.EINVAL],
  ['0x1f', 0, 31],
  ['7 seconds', 7, -E.EINVAL],
])('of %j old kernels make %i, new ones %i', (text, old, now) => {
  expect([timeout_secs_6_1(text), timeout_secs_7_3(text)]).toEqual([old, now]);
});
