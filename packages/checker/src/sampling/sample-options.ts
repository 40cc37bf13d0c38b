// SPDX-License-Identifier: GPL-2.0-only
import { checkWhole } from '../bounds.js';
import { errors } from '../errors.js';
import type { Exploration, SearchStats } from '../exploration.js';
import type { SampleMethod } from './sampler.js';

export interface SampleOptions {
  /** Default `walk`. */
  readonly method?: SampleMethod;
  /** Whole number; the same one gives the same schedules. */
  readonly seed: number;
  /** Schedules to run. */
  readonly schedules: number;
  /** Number of the first, default 0: `first: 17, schedules: 1` draws the 18th again, and nothing else. */
  readonly first?: number;
  /** d of PCT, at least 1; default 3. */
  readonly depth?: number;
  /** k of PCT: steps that change points are drawn among. Default: the longest of a few random walks. */
  readonly steps?: number;
  /** Look for data races; default true. */
  readonly races?: boolean;
  /** Milliseconds at most, by `now`. */
  readonly timeMs?: number;
  /** Milliseconds from any origin. */
  readonly now?: () => number;
  /** Told about every 1,000 schedules. */
  readonly onProgress?: (stats: SearchStats) => void;
}

/** What PCT promises of each schedule. */
export interface PctChance {
  /** d. */
  readonly depth: number;
  /** n: tasks there were at most. */
  readonly tasks: number;
  /** k: steps there were at most. */
  readonly steps: number;
  /** One schedule in so many, at the worst, shows a bug of that depth. */
  readonly oneIn: number;
  /** At least as likely as this that all schedules together show it. */
  readonly together: number;
  /** Runs longer than the steps the change points were drawn among: the promise leaves them out. */
  readonly longer: number;
}

/** Never complete. */
export interface Sampling extends Exploration {
  /** With method `pct` only. */
  readonly chance?: PctChance;
}

/** @throws LMP-306 */
export const checkSampleOptions = (options: SampleOptions): void => {
  checkWhole('seed', options.seed, Number.MIN_SAFE_INTEGER);
  checkWhole('schedules', options.schedules, 1);
  checkWhole('first', options.first, 0);
  checkWhole('depth', options.depth, 1);
  checkWhole('steps', options.steps, 1);
  checkWhole('timeMs', options.timeMs, 1);
  if (options.timeMs !== undefined && options.now === undefined) {
    throw errors.fail('LMP-306', { message: 'expected `now`, the clock that timeMs is measured by' });
  }
};
