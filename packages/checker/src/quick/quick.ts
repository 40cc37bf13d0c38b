// SPDX-License-Identifier: GPL-2.0-only
import type { Program } from '@libmultipath/kernel';
import { checkWhole, counted } from '../bounds.js';
import { errors } from '../errors.js';
import type { Exploration, ExploreOptions, Findings, SearchStats } from '../exploration.js';
import { exploreBy } from '../explore.js';
import { mergeStats, NOTHING, NO_STATS } from '../parallel/merge.js';
import type { Search } from '../search.js';
import { appearedIn, fold, type Appeared } from './fold.js';

export interface QuickOptions extends Pick<
  ExploreOptions,
  'memo' | 'digest' | 'maxExecutions' | 'maxSteps' | 'timeMs' | 'now'
> {
  /** Highest number of preemptions; absent: more and more, until there are none to add or another bound is reached. */
  readonly upTo?: number;
  /** Told after each number of preemptions. */
  readonly onBound?: (bound: BoundResult) => void;
}

/** What one number of preemptions gave. */
export interface BoundResult {
  readonly preemptions: number;
  /** Every schedule with so many was explored. */
  readonly complete: boolean;
  /** Keys of what no smaller number showed. */
  readonly appeared: Appeared;
  readonly stats: SearchStats;
}

/**
 * `complete`: the last number that was asked for is, or without `upTo` some number is. A
 * finding keeps the schedule of the smallest number of preemptions that showed it.
 */
export interface QuickExploration extends Exploration {
  readonly bounds: readonly BoundResult[];
}

const MOST_EXECUTIONS = 1_000_000;
/** Beyond it a program that preempts itself without end would be explored for ever. */
const MOST_PREEMPTIONS = 1_000;

/** What is left of the bounds that hold for all numbers together; undefined: nothing. */
const remaining = (options: QuickOptions, done: SearchStats, until: number): ExploreOptions | undefined => {
  const maxExecutions = (options.maxExecutions ?? MOST_EXECUTIONS) - done.executions;
  const maxSteps = (options.maxSteps ?? Infinity) - done.steps - done.replayedSteps;
  const timeMs = options.now === undefined ? Infinity : Math.ceil(until - options.now());
  if (maxExecutions < 1 || maxSteps < 1 || timeMs < 1) return undefined;
  return {
    maxExecutions,
    ...(Number.isFinite(maxSteps) ? { maxSteps } : {}),
    ...(options.now === undefined || !Number.isFinite(timeMs) ? {} : { timeMs, now: options.now }),
  };
};

/** Why nothing more is explored, in the words of the bound that was set. */
const reasonOf = ({ maxExecutions, maxSteps, timeMs }: QuickOptions, done: SearchStats): string => {
  const executions = maxExecutions ?? MOST_EXECUTIONS;
  if (done.executions >= executions) return `stopped after ${counted(executions, 'execution')}`;
  if (maxSteps !== undefined && done.steps + done.replayedSteps >= maxSteps) {
    return `stopped after ${counted(maxSteps, 'step')}`;
  }
  return `stopped after ${counted(timeMs ?? 0, 'millisecond')}`;
};

const verdict = (last: number, limited: boolean): string =>
  `${limited ? `complete up to ${counted(last, 'preemption')}` : 'complete'} (sequential consistency)`;

/**
 * Explores with 0, 1, 2, 3 … preemptions: most defects need few, so that their shortest
 * schedules come first, and soon. Ends by itself when a further preemption adds nothing.
 * @throws as `explore`
 */
export const quick = (program: Program, options: QuickOptions = {}): QuickExploration => {
  checkWhole('upTo', options.upTo, 0);
  checkWhole('maxExecutions', options.maxExecutions, 1);
  checkWhole('maxSteps', options.maxSteps, 1);
  checkWhole('timeMs', options.timeMs, 1);
  if (options.timeMs !== undefined && options.now === undefined) {
    throw errors.fail('LMP-306', { message: 'expected `now`, the clock that timeMs is measured by' });
  }
  const { upTo = MOST_PREEMPTIONS, memo, digest } = options;
  const until = options.timeMs === undefined ? Infinity : (options.now?.() ?? 0) + options.timeMs;
  const bounds: BoundResult[] = [];
  let found: Findings = NOTHING;
  let stats: SearchStats = NO_STATS;
  let stopped: string | undefined;
  let limited = true;
  for (let preemptions = 0; preemptions <= upTo && limited; preemptions++) {
    const left = remaining(options, stats, until);
    if (left === undefined) {
      stopped = reasonOf(options, stats);
      break;
    }
    let search: Search | undefined;
    const searched = exploreBy(
      program,
      { ...left, maxPreemptions: preemptions, ...(memo === undefined ? {} : { memo }), ...(digest ? { digest } : {}) },
      { begin: (begun) => (search = begun) },
    );
    stats = { ...mergeStats(stats, searched.stats), states: searched.stats.states };
    const appeared = appearedIn(found, searched);
    found = fold(found, searched);
    const bound = { preemptions, complete: searched.complete, appeared, stats: searched.stats };
    bounds.push(bound);
    options.onBound?.(bound);
    if (!searched.complete) {
      stopped = reasonOf(options, stats);
      break;
    }
    limited = search?.limited ?? false;
  }
  const last = bounds.findLast(({ complete }) => complete)?.preemptions;
  const reached = last === undefined ? undefined : verdict(last, limited);
  return {
    complete: options.upTo === undefined ? last !== undefined : stopped === undefined,
    bound: [reached, stopped].filter((part) => part !== undefined).join(', '),
    ...found,
    stats,
    bounds,
  };
};
