// SPDX-License-Identifier: GPL-2.0-only
import {
  exploreSources,
  type Checkpoint,
  type ParallelOptions,
  type ParallelProgress,
  type SearchPlan,
} from '@libmultipath/checker';
import type { CheckStates } from '@libmultipath/contract';
import { scenarioRef } from '../findings/scenario-ref.js';
import type { ExploreContext, Explored, Job } from './job.js';

/** Steps of a program before it is split into parts: most end within them. */
const WHOLE_STEPS = 2_000_000;

export interface SearchBounds {
  /** New and replayed, a job. */
  readonly maxSteps: number;
  /** Those without a preemption, then those with one, and so on up to so many. */
  readonly upTo?: number;
  /** States that are known again beside those at settle points. */
  readonly states?: CheckStates | undefined;
  readonly resume?: Checkpoint;
  /** Steps that making the schedule of a listed finding smaller may take; absent: as of any other. */
  readonly listedShrinkSteps?: number | undefined;
  /** Given what `resume` takes, from time to time. */
  readonly onCheckpoint?: ((checkpoint: Checkpoint) => void) | undefined;
}

export interface Searched {
  readonly found: readonly Explored[];
  /** Present when something is left to explore. */
  readonly checkpoint?: Checkpoint;
}

const progressText = ({ done, programs, executions, steps, rate, estimate }: ParallelProgress): string => {
  const many = (value: number): string => value.toLocaleString('en-US');
  const whole = programs > 1 || estimate === undefined ? '' : ` of about ${many(estimate)}`;
  const pace = rate === undefined ? '' : `, ${many(rate)} a second`;
  return `${many(done)} of ${many(programs)} explored, ${many(executions)} executions${whole}, ${many(steps)} steps${pace}`;
};

/** The part of the time that is kept for making schedules smaller, and that at most. */
const COLLECT_PART = 1 / 6;
const MOST_COLLECT_MS = 20_000;

/** Explores the jobs by a plan in threads, where their findings are made as well. */
export const runJobs = async (
  jobs: readonly Job[],
  plan: Omit<ParallelOptions, 'workers' | 'timeMs' | 'signal'>,
  { workers, timeMs, signal, progress, tooLarge, listed }: ExploreContext,
  listedShrinkSteps?: number,
): Promise<Searched> => {
  const told = new Set<number>();
  const tell = (now: ParallelProgress): void => {
    progress(progressText(now));
    for (const { index, text } of now.tooLarge) {
      const job = jobs[index];
      if (job === undefined || told.has(index)) continue;
      told.add(index);
      tooLarge?.(`${job.chosen.driver.name}/${job.chosen.scenario.name} on ${job.profile.name}: ${text}`);
    }
  };
  const { results, checkpoint } = await exploreSources(
    jobs.map(({ source }) => source),
    {
      ...plan,
      workers,
      signal,
      onProgress: tell,
      collect: (index) => {
        const job = jobs[index];
        if (job === undefined) return {};
        const ref = scenarioRef(job.chosen, job.profile);
        return { ref, listed: listed?.(job) ?? [], ...(listedShrinkSteps === undefined ? {} : { listedShrinkSteps }) };
      },
      ...(timeMs === undefined
        ? {}
        : { timeMs, collectMs: Math.min(MOST_COLLECT_MS, Math.floor(timeMs * COLLECT_PART)) }),
    },
  );
  const found = results.map(({ exploration, findings, advice, error }): Explored => ({
    exploration,
    reached: exploration.complete,
    ...(findings === undefined ? {} : { findings }),
    ...(advice === undefined ? {} : { advice }),
    ...(error === undefined ? {} : { error }),
  }));
  return { found, ...(checkpoint === undefined ? {} : { checkpoint }) };
};

/** Parts know none of each other’s states but those at settle points, so a program is one: threads share programs. */
const inOnePiece = (states: CheckStates, steps: number): SearchPlan => ({
  revisits: states === 'all' ? 'forget-nothing' : true,
  wholeSteps: steps,
  unitSteps: steps,
});

/**
 * Explores every schedule of each job, or all up to a number of preemptions, in threads.
 * @throws LMP-344 the checkpoint is of something else
 */
export const exploreJobs = (
  jobs: readonly Job[],
  { maxSteps, upTo, states, resume, listedShrinkSteps, onCheckpoint }: SearchBounds,
  context: ExploreContext,
): Promise<Searched> =>
  runJobs(
    jobs,
    {
      maxSteps,
      ...(states === undefined
        ? { wholeSteps: resume?.plan.wholeSteps ?? Math.min(WHOLE_STEPS, maxSteps) }
        : inOnePiece(states, resume?.plan.wholeSteps ?? maxSteps)),
      ...(upTo === undefined ? {} : { upTo }),
      ...(onCheckpoint === undefined ? {} : { onCheckpoint }),
      ...(resume === undefined ? {} : { resume }),
    },
    context,
    listedShrinkSteps,
  );
