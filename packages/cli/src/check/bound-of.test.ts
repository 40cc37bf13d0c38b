// SPDX-License-Identifier: GPL-2.0-only
import { expect, it } from 'vitest';
import { boundOf } from './bound-of.js';

const rows = (...bounds: readonly string[]) => bounds.map((bound) => ({ bound }));

it('says a bound once that all rows share', () => {
  expect(boundOf(rows('stopped after 8,000 steps', 'stopped after 8,000 steps'))).toBe('stopped after 8,000 steps');
});

it('puts searches that ended a few steps apart together, and the most frequent bound first', () => {
  const stopped = ['8,000', '9,540', '8,307'].map((steps) => `stopped after ${steps} steps`);
  expect(boundOf(rows('complete (sequential consistency)', ...stopped))).toBe(
    '3 of 4 stopped after 8,000 to 9,540 steps; 1 of 4 complete (sequential consistency)',
  );
});
