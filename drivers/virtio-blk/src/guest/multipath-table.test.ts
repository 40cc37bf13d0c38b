// SPDX-License-Identifier: GPL-2.0-only
import { expect, it } from 'vitest';
import { multipathParams } from './multipath-table.js';

it('makes a group for each path, or one of all', () => {
  expect(multipathParams(['254:0', '254:16'], 'numa', true)).toBe(
    '3 queue_if_no_path queue_mode bio 0 2 1 round-robin 0 1 1 254:0 1 round-robin 0 1 1 254:16 1',
  );
  expect(multipathParams(['254:0', '254:16'], 'round-robin', false)).toBe(
    '2 queue_mode bio 0 1 1 round-robin 0 2 1 254:0 1 254:16 1',
  );
});
