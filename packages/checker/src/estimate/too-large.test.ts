// SPDX-License-Identifier: GPL-2.0-only
import { expect, it } from 'vitest';
import { NO_STATS } from '../parallel/merge.js';
import { tooLarge } from './too-large.js';

const stats = { ...NO_STATS, executions: 1_000, steps: 100_000, replayedSteps: 200_000 };

it('tells the size that a tree seems to have, and the next smaller bound', () => {
  expect(tooLarge(stats, 0.001, { maxSteps: 1_000_000 })).toBe(
    'about 300,000,000 steps, of which 1,000,000 are allowed: bound the preemptions (2 find most defects), or sample',
  );
  expect(tooLarge(stats, 1e-9, { maxSteps: 1_000_000, upTo: 3 })).toMatch(/10\^14\.5 steps.*allow 2 preemptions/);
});

it('says nothing of what will be done, or before anything is known', () => {
  expect(tooLarge(stats, 0.5, { maxSteps: 1_000_000 })).toBeUndefined();
  expect(tooLarge(stats, 0.001, {})).toBeUndefined();
  expect(tooLarge({ ...stats, replayedSteps: 0 }, 0.001, { maxSteps: 1_000_000 })).toBeUndefined();
});

it('does not judge by the tree where states are met again', () => {
  const met = { ...stats, memoHits: 900, states: 5_000 };
  expect(tooLarge(met, 1e-11, { maxSteps: 1_000_000 })).toBeUndefined();
  expect(tooLarge(met, 1e-11, { maxSteps: 500_000 })).toMatch(
    /^more than half of the 500,000 steps.*5,000 states so far/,
  );
});
