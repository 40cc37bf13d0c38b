// SPDX-License-Identifier: GPL-2.0-only
import { replayToken, type Finding } from '@libmultipath/checker';
import { exploreJobs } from '../check/explore-jobs.js';
import type { ExploreContext, Job } from '../check/job.js';
import type { Profile } from '../check/models.js';
import { errors } from '../errors.js';
import { findScenario, resolveScenario } from '../findings/scenario-ref.js';
import { didYouMean, type Chosen } from '../selection.js';

/** A finding, and where it shows. */
export interface Shown {
  readonly finding: Finding;
  readonly chosen: Chosen;
  readonly profile: Profile;
}

const ID = /^[A-Z]+-[0-9a-f]{6}$/;

export const isFindingId = (text: string): boolean => ID.test(text);

/** @throws LMP-320 to LMP-323 the token cannot be followed; LMP-914 it shows the finding no more */
export const shownByToken = (token: string, chosen: readonly Chosen[]): Shown => {
  const replayed = replayToken(token, resolveScenario(chosen));
  const { finding } = replayed;
  const named = findScenario(chosen, replayed.token);
  if (finding !== undefined && named !== undefined) return { finding, chosen: named.found, profile: named.profile };
  throw errors.fail('LMP-914', {
    message: `expected ${replayed.token.finding} in the schedule, found ${replayed.found.join(', ') || 'nothing'}`,
    where: 'replay token',
    todo: 'it is gone: there is nothing to mend',
  });
};

/**
 * Explores the jobs and gives the first that shows the finding.
 * @throws LMP-914 none does
 */
export const shownBySearch = async (
  id: string,
  jobs: readonly Job[],
  maxSteps: number,
  how: ExploreContext,
): Promise<Shown> => {
  const { found } = await exploreJobs(jobs, { maxSteps }, how);
  const others = new Set<string>();
  for (const [index, job] of jobs.entries()) {
    const explored = found[index];
    if (explored === undefined) continue;
    if (explored.error !== undefined) throw explored.error;
    const { chosen, profile } = job;
    const { findings = [] } = explored;
    const finding = findings.find((one) => one.id === id);
    if (finding !== undefined) return { finding, chosen, profile };
    for (const one of findings) others.add(one.id);
  }
  throw errors.fail('LMP-914', {
    message: `expected ${id} in ${String(jobs.length)} scenario${jobs.length === 1 ? '' : 's'} on ${jobs[0]?.profile.name ?? 'no model'}, found ${[...others].sort().join(', ') || 'nothing'}`,
    where: id,
    todo: didYouMean(id, [...others]),
  });
};
