// SPDX-License-Identifier: GPL-2.0-only
import { counted } from '../bounds.js';
import type { SearchStats } from '../exploration.js';
import { extrapolate } from './progress.js';

/** Part of a tree below which nothing can be said of the whole. */
const LEAST_SHARE = 1e-12;
/** More than one run in so many that ends at a state met before. */
const MET_AGAIN = 10;
/** Steps before which the first runs say too little. */
const LEAST_STEPS = 200_000;

/** How steps are written that are many. */
const large = (steps: number): string =>
  steps < 1e9 ? steps.toLocaleString('en-US') : `10^${Math.log10(steps).toFixed(1)}`;

/**
 * What to tell of a program that will not be done within its bound, while it runs.
 * @returns undefined: it will, or nothing can be said yet
 */
export const tooLarge = (
  stats: SearchStats,
  share: number,
  bounds: { readonly maxSteps?: number; readonly upTo?: number; readonly maxPreemptions?: number },
): string | undefined => {
  const { maxSteps, upTo, maxPreemptions } = bounds;
  const steps = stats.steps + stats.replayedSteps;
  if (maxSteps === undefined || steps < LEAST_STEPS) return undefined;
  const fewer = upTo ?? maxPreemptions;
  const advice =
    fewer === undefined
      ? 'bound the preemptions (2 find most defects), or sample'
      : fewer > 0
        ? `allow ${counted(fewer - 1, 'preemption')}, or sample`
        : 'sample it';
  // Where states are met again the tree says nothing about what is left of it.
  if (stats.memoHits * MET_AGAIN > stats.executions) {
    if (steps * 2 <= maxSteps) return undefined;
    return `more than half of the ${large(maxSteps)} steps allowed are taken, ${counted(stats.states, 'state')} so far: ${advice}`;
  }
  const whole = share < LEAST_SHARE ? 0 : (extrapolate(steps, share) ?? 0);
  return whole <= maxSteps
    ? undefined
    : `about ${large(whole)} steps, of which ${large(maxSteps)} are allowed: ${advice}`;
};
