// SPDX-License-Identifier: GPL-2.0-only
import { createHash } from 'node:crypto';
import { choiceOf, type Schedule } from '../choice.js';
import { scheduleOf, type RunTrace } from './run-trace.js';
import type { ProgramRef, ReplayToken } from './token.js';

const DIGEST_DIGITS = 12;

/** Digest of a schedule, step by step. */
export const digestOf = (schedule: Schedule): string =>
  createHash('sha256')
    .update(schedule.map(({ task, site, branch }) => `${task}\t${site}\t${String(branch ?? '')}`).join('\n'))
    .digest('hex')
    .slice(0, DIGEST_DIGITS);

/** What has to be told to repeat a run: the choices where there was one. */
export const tokenOf = (trace: RunTrace, { program, revision, args }: ProgramRef, finding: string): ReplayToken => ({
  program,
  revision,
  args,
  finding,
  choices: trace.events
    .filter(({ others, step }) => others.length > 0 || step.branches > 1)
    .map(({ task, step }) => choiceOf(task, step)),
  steps: trace.events.length,
  digest: digestOf(scheduleOf(trace)),
});
