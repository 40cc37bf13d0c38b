// SPDX-License-Identifier: GPL-2.0-only
import type { SampleMethod } from '@libmultipath/checker';
import type { ExploreContext, Explored, Job } from './job.js';
import { runJobs } from './explore-jobs.js';

export interface Draw {
  readonly schedules: number;
  readonly seed: number;
  readonly method: SampleMethod;
}

/** Runs schedules drawn by chance of each job; the same for every number of threads. */
export const sampleJobs = async (jobs: readonly Job[], draw: Draw, context: ExploreContext): Promise<Explored[]> => {
  const { found } = await runJobs(jobs, { sample: draw }, context);
  return found.map((one) => ({ ...one, reached: one.exploration.stats.executions === draw.schedules }));
};
