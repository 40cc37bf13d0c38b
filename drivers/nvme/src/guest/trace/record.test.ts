// SPDX-License-Identifier: GPL-2.0-only
import { expect, it } from 'vitest';
import { remap, traceText } from '../testing/trace-text.js';
import { overwrittenRecords } from './record.js';

it('sees in the header that the buffer has been overwritten', () => {
  const lines = [remap('259:0', 8), remap('259:0', 16)];
  expect(overwrittenRecords(traceText(lines))).toBe(0);
  expect(overwrittenRecords(traceText(lines, 5))).toBe(3);
});

it('takes a text without a header for a whole one', () => {
  expect(overwrittenRecords('')).toBe(0);
});
