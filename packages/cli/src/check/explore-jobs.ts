// SPDX-License-Identifier: GPL-2.0-only
import { exploreSources, type Checkpoint, type ParallelProgress } from '@libmultipath/checker';
import type { ExploreContext, Explored, Job } from './job.js';

/** Steps of a program before it is split into parts: most end within them. */
const WHOLE_STEPS = 2_000_000;

export interface SearchBounds {
  /** New and replayed, a job. */
  readonly maxSteps: number;
  /** Only schedules with so many preemptions. */
  readonly maxPreemptions?: number;
  /** Those without one, then those with one, and so on up to so many. */
  readonly upTo?: number;
  readonly resume?: Checkpoint;
  /** Given what `resume` takes, from time to time. */
  readonly onCheckpoint?: ((checkpoint: Checkpoint) => void) | undefined;
}

export interface Searched {
  readonly found: readonly Explored[];
  /** Present when something is left to explore. */
  readonly checkpoint?: Checkpoint;
}

const progressText = ({ done, programs, executions, steps, rate }: ParallelProgress): string => {
  const many = (value: number): string => value.toLocaleString('en-US');
  const pace = rate === undefined ? '' : `, ${many(rate)} a second`;
  return `${many(done)} of ${many(programs)} explored, ${many(executions)} executions, ${many(steps)} steps${pace}`;
};

/**
 * Explores every schedule of each job, or all up to a number of preemptions, in threads.
 * @throws LMP-344 the checkpoint is of something else
 */
export const exploreJobs = async (
  jobs: readonly Job[],
  { maxSteps, maxPreemptions, upTo, resume, onCheckpoint }: SearchBounds,
  { workers, timeMs, signal, progress }: ExploreContext,
): Promise<Searched> => {
  const { results, checkpoint } = await exploreSources(
    jobs.map(({ source }) => source),
    {
      workers,
      maxSteps,
      wholeSteps: resume?.plan.wholeSteps ?? Math.min(WHOLE_STEPS, maxSteps),
      signal,
      onProgress: (now) => progress(progressText(now)),
      ...(maxPreemptions === undefined ? {} : { maxPreemptions }),
      ...(upTo === undefined ? {} : { upTo }),
      ...(onCheckpoint === undefined ? {} : { onCheckpoint }),
      ...(timeMs === undefined ? {} : { timeMs }),
      ...(resume === undefined ? {} : { resume }),
    },
  );
  const found = results.map(({ exploration, error }) => ({
    exploration,
    reached: exploration.complete,
    ...(error === undefined ? {} : { error }),
  }));
  return { found, ...(checkpoint === undefined ? {} : { checkpoint }) };
};

/** What a quick look takes at most. */
export const QUICK_MS = 15_000;
const MOST_PREEMPTIONS = 16;

/**
 * Schedules without a preemption of each job, then those with one, two and more, until the time is over: what
 * is found first has the shortest schedules. A job is reached as far as its last whole number of preemptions.
 */
export const quickJobs = async (
  jobs: readonly Job[],
  { maxSteps }: Pick<SearchBounds, 'maxSteps'>,
  context: ExploreContext,
): Promise<Searched> => {
  const until = performance.now() + (context.timeMs ?? QUICK_MS);
  let found: readonly Explored[] = [];
  for (let maxPreemptions = 0; maxPreemptions <= MOST_PREEMPTIONS; maxPreemptions++) {
    const timeMs = Math.floor(until - performance.now());
    if (found.length > 0 && (timeMs < 1 || context.signal.aborted)) break;
    const next = await exploreJobs(jobs, { maxSteps, maxPreemptions }, { ...context, timeMs: Math.max(1, timeMs) });
    // A bound that was not reached says less than the one before, but what it shows is shown.
    found = next.found.map((now, index) => {
      const before = found[index];
      return now.reached || before === undefined
        ? now
        : { ...now, exploration: mergedWith(before, now), reached: true };
    });
  }
  return { found };
};

/** What is in both, the shortest schedule first, under the bound that was reached. */
const mergedWith = ({ exploration: before }: Explored, { exploration: now }: Explored): Explored['exploration'] => ({
  ...now,
  bound: before.bound,
  complete: before.complete,
  outcomes: union(before.outcomes, now.outcomes),
  reports: union(before.reports, now.reports),
  ends: { ...now.ends, stuckAt: union(before.ends.stuckAt, now.ends.stuckAt) },
});

const union = <T extends { readonly key: string }>(one: readonly T[], other: readonly T[]): T[] =>
  [...new Map([...other, ...one].map((item) => [item.key, item])).values()].sort((a, b) => (a.key < b.key ? -1 : 1));
