// SPDX-License-Identifier: GPL-2.0-only
import { exploreSources, type Checkpoint, type ParallelProgress } from '@libmultipath/checker';
import type { ExploreContext, Explored, Job } from './job.js';

/** Steps of a program before it is split into parts: most end within them. */
const WHOLE_STEPS = 2_000_000;

export interface SearchBounds {
  /** New and replayed, a job. */
  readonly maxSteps: number;
  readonly maxPreemptions?: number;
  readonly resume?: Checkpoint;
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
  { maxSteps, maxPreemptions, resume }: SearchBounds,
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
