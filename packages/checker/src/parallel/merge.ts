// SPDX-License-Identifier: GPL-2.0-only
import type { Schedule } from '../choice.js';
import type { Exploration, SearchStats } from '../exploration.js';

interface Counted {
  readonly key: string;
  readonly count: number;
  readonly schedule: Schedule;
}

/** Equal things are one: counts add up, the shorter schedule stays, of two alike the first. */
const mergeList = <T extends Counted>(a: readonly T[], b: readonly T[]): T[] => {
  const all = new Map(a.map((item) => [item.key, item]));
  for (const item of b) {
    const before = all.get(item.key);
    if (before === undefined) all.set(item.key, item);
    else {
      const shorter = item.schedule.length < before.schedule.length ? item : before;
      all.set(item.key, { ...shorter, count: before.count + item.count });
    }
  }
  return [...all.values()].sort((x, y) => (x.key < y.key ? -1 : 1));
};

/** What an exploration found. */
export type Found = Omit<Exploration, 'complete' | 'bound' | 'stats'>;

export const NOTHING: Found = { outcomes: [], reports: [], ends: { finished: 0, stuck: 0, stuckAt: [] } };

/** What two parts of one tree found, as if one search had; `a` is the earlier part. */
export const mergeFindings = (a: Found, b: Found): Found => ({
  outcomes: mergeList(a.outcomes, b.outcomes),
  reports: mergeList(a.reports, b.reports),
  ...((a.races ?? b.races) === undefined ? {} : { races: mergeList(a.races ?? [], b.races ?? []) }),
  ends: {
    finished: a.ends.finished + b.ends.finished,
    stuck: a.ends.stuck + b.ends.stuck,
    stuckAt: mergeList(a.ends.stuckAt, b.ends.stuckAt),
  },
});

export const NO_STATS: SearchStats = {
  executions: 0,
  steps: 0,
  replayedSteps: 0,
  states: 0,
  memoHits: 0,
  pruned: 0,
  maxDepth: 0,
};

/** Adds up, but for the depth, of which the greater stays. */
export const mergeStats = (a: SearchStats, b: SearchStats): SearchStats => ({
  executions: a.executions + b.executions,
  steps: a.steps + b.steps,
  replayedSteps: a.replayedSteps + b.replayedSteps,
  states: a.states + b.states,
  memoHits: a.memoHits + b.memoHits,
  pruned: a.pruned + b.pruned,
  maxDepth: Math.max(a.maxDepth, b.maxDepth),
});
