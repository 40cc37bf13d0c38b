// SPDX-License-Identifier: GPL-2.0-only
import { runJobs } from './explore-jobs.js';
import type { ExploreContext, Explored, Job } from './job.js';

/** What a quick look takes, from the start of the process to its last line. */
const QUICK_MS = 15_000;
/** Of it: what is left of the time for telling what was found, some twenty findings with their schedules. */
const PRINT_MS = 1_500;
const LEAST_MS = 1_000;

/**
 * Looks at all jobs for the same share of the time: small ones whole, of others few preemptions first and
 * then schedules drawn by chance. What a list tells already is not made smaller.
 */
export const quickJobs = async (
  jobs: readonly Job[],
  seed: number,
  context: ExploreContext,
): Promise<readonly Explored[]> => {
  // The clock of the process began with it.
  const timeMs = context.timeMs ?? Math.max(LEAST_MS, QUICK_MS - PRINT_MS - Math.ceil(performance.now()));
  const { found } = await runJobs(jobs, { look: { seed } }, { ...context, timeMs }, 0);
  return found.map((one) => {
    const { complete, look } = one.exploration;
    const seen = complete || (look !== undefined && (look.preemptions !== undefined || look.pos > 0));
    return { ...one, reached: seen && one.error === undefined };
  });
};
