// SPDX-License-Identifier: GPL-2.0-only
import type { Program } from '@libmultipath/kernel';
import { checkWhole, counted } from '../bounds.js';
import type { ExploreOptions } from '../exploration.js';
import { pctOdds } from '../sampling/pct.js';
import { treeSize, type TreeSize } from './tree-size.js';
import { trial, type Trial } from './trial.js';

export interface AdviseOptions {
  /** New and replayed steps that one has time for: the rate of `Progress` times the seconds. */
  readonly affordSteps: number;
  /** Default 1. */
  readonly seed?: number;
  /** Random ways down, for each number of preemptions; default 200. */
  readonly probes?: number;
  /** Steps of the search that is tried; default 200,000, and never more than affordable. */
  readonly trialSteps?: number;
  /** Of the search that is tried. */
  readonly search?: ExploreOptions;
}

/** Which bound to use, and the numbers behind it. */
export interface Advice {
  readonly use: 'explore' | 'preemptions' | 'sample';
  /** With `preemptions`: how many. */
  readonly preemptions?: number;
  /** With `sample`: how many schedules. */
  readonly schedules?: number;
  /** What the search with reduction and memo would take, from its beginning. */
  readonly trial: Trial;
  /** All schedules, without reduction. */
  readonly all: TreeSize;
  /** By the number of preemptions from 0, without memo, up to the first that is not affordable. */
  readonly bounded: readonly TreeSize[];
  readonly text: string;
}

const PROBES = 200;
const TRIAL_STEPS = 200_000;
const MOST_PREEMPTIONS = 8;

const large = (value: number, log10 = Math.log10(value)): string =>
  log10 < 7 ? Math.round(value).toLocaleString('en-US') : `10^${log10.toFixed(1)}`;

const boundsOf = (program: Program, { affordSteps, seed = 1, probes = PROBES }: AdviseOptions): TreeSize[] => {
  const sizes: TreeSize[] = [];
  for (let preemptions = 0; preemptions <= MOST_PREEMPTIONS; preemptions++) {
    const size = treeSize(program, seed, probes, preemptions);
    sizes.push(size);
    if (size.steps.mean > affordSteps) break;
  }
  return sizes;
};

/**
 * Tries the beginning of a search and many random schedules, and says which way of
 * exploring is affordable: all, those with few preemptions, or a sample.
 * @throws LMP-301 kernel code threw; LMP-306 options out of range
 */
export const advise = (program: Program, options: AdviseOptions): Advice => {
  const { affordSteps, seed = 1, probes = PROBES } = options;
  checkWhole('affordSteps', affordSteps, 1);
  checkWhole('probes', probes, 1);
  checkWhole('trialSteps', options.trialSteps, 1);
  const tried = trial(program, options.search ?? {}, Math.min(options.trialSteps ?? TRIAL_STEPS, affordSteps));
  const all = treeSize(program, seed, probes);
  const size = `${large(all.schedules.mean, all.schedules.log10)} schedules (± ${(all.schedules.spread * 100).toFixed(0)}%)`;
  const reduced = `${large(tried.executions)} executions, ${large(tried.steps)} steps with reduction`;
  const facts = `${size}; ${tried.complete ? reduced : `about ${reduced} (between ${large(tried.lowExecutions)} and ${large(tried.highExecutions)})`}`;
  if (tried.complete || tried.steps <= affordSteps) {
    return { use: 'explore', trial: tried, all, bounded: [], text: `explore it whole: ${facts}` };
  }
  const bounded = boundsOf(program, options);
  const preemptions = bounded.findLastIndex(({ steps }) => steps.mean <= affordSteps);
  const found = bounded[preemptions];
  if (found !== undefined) {
    const next = bounded[preemptions + 1];
    const more = next === undefined ? '' : `; ${String(preemptions + 1)} would be ${large(next.schedules.mean)}`;
    const text = `bound it to ${counted(preemptions, 'preemption')}: about ${large(found.schedules.mean)} schedules, ${large(found.steps.mean)} steps without memo${more}. The whole: ${facts}`;
    return { use: 'preemptions', preemptions, trial: tried, all, bounded, text };
  }
  const schedules = Math.max(1, Math.floor(affordSteps / all.longest));
  const oneIn = pctOdds(all.tasks, all.longest, 2);
  const text = `sample it: ${counted(schedules, 'schedule')} of up to ${counted(all.longest, 'step')}; PCT shows a bug of depth 2 in at least one of ${large(oneIn)}. The whole: ${facts}`;
  return { use: 'sample', schedules, trial: tried, all, bounded, text };
};
