// SPDX-License-Identifier: GPL-2.0-only
import type { Program } from '@libmultipath/kernel';
import type { Exploration, ExploreOptions } from '../exploration.js';
import { exploreBy } from '../explore.js';
import { progressOf, type Progress } from './progress.js';
import { shareDone } from './share.js';

const EVERY = 1_000;

/**
 * {@link explore}, and tells after every 1,000 executions how far it is, with an estimate
 * of the whole. `options.now` is the clock of the rate.
 */
export const exploreWatched = (
  program: Program,
  options: ExploreOptions,
  tell: (progress: Progress) => void,
): Exploration => {
  const began = options.now?.() ?? 0;
  let runs = 0;
  return exploreBy(program, options, {
    goOn: (search, stats) => {
      if (++runs % EVERY === 0) tell(progressOf(stats(), shareDone(search), (options.now?.() ?? 0) - began));
      return true;
    },
  });
};

/** What the beginning of a search says of the whole. */
export interface Trial {
  /** It was not only the beginning. */
  readonly complete: boolean;
  /** Executions that the whole takes. */
  readonly executions: number;
  /** New and replayed steps of the whole. */
  readonly steps: number;
  /** Least and most that was thought while it ran: how steady the estimate is. */
  readonly lowExecutions: number;
  readonly highExecutions: number;
}

/** Estimates are noted so often within a trial. */
const NOTES = 8;

/** Searches for `maxSteps` steps, with reduction and memo as they come. */
export const trial = (program: Program, options: ExploreOptions, maxSteps: number): Trial => {
  let share = 0;
  let noted = 0;
  let low = Infinity;
  let high = 0;
  const { complete, stats } = exploreBy(program, options, {
    goOn: (search, statsNow) => {
      const { executions, steps, replayedSteps } = statsNow();
      share = shareDone(search);
      const taken = steps + replayedSteps;
      if (taken * NOTES >= (noted + 1) * maxSteps && share > 0) {
        noted = Math.floor((taken * NOTES) / maxSteps);
        low = Math.min(low, executions / share);
        high = Math.max(high, executions / share);
      }
      if (taken < maxSteps) return true;
      return false;
    },
  });
  const taken = stats.steps + stats.replayedSteps;
  const { executions } = stats;
  const whole = complete && taken < maxSteps;
  const part = whole || share === 0 ? 1 : share;
  return {
    complete: whole,
    executions: Math.round(executions / part),
    steps: Math.round(taken / part),
    lowExecutions: whole ? executions : Math.round(Math.min(low, executions / part)),
    highExecutions: whole ? executions : Math.round(Math.max(high, executions / part)),
  };
};
