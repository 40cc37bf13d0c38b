// SPDX-License-Identifier: GPL-2.0-only
import type { Machine, Program } from '@libmultipath/kernel';
import type { Schedule } from '../choice.js';
import { errors } from '../errors.js';
import { replay, type RunResult } from '../replay.js';
import { AnchoredChooser, type Anchoring } from './anchored.js';
import { costOf } from './cost.js';
import { findingOf, type Finding } from './finding.js';
import { findingId, identityOf } from './identity.js';
import type { Occurrence } from './occurrence.js';
import { scheduleOf, traceRun, type RunTrace } from './run-trace.js';
import { digestOf } from './token-of.js';
import { decodeToken, type ProgramRef, type ReplayToken } from './token.js';

/** Builds the program that a token names; undefined: there is none of that name. */
export type ResolveProgram = (ref: ProgramRef) => Program | undefined;

/** What became of a recorded schedule. */
export interface TokenReplay {
  readonly token: ReplayToken;
  readonly program: Program;
  /** `exact`: every step is the recorded one; `re-anchored`: the code changed, and the labels led through it. */
  readonly fit: 'exact' | 're-anchored';
  /** Steps added and choices left out by re-anchoring. */
  readonly moved: number;
  /** The finding as the schedule shows it now; undefined: it shows it no more. */
  readonly finding: Finding | undefined;
  /** Ids of all that it shows. */
  readonly found: readonly string[];
  /** All its steps. */
  readonly schedule: Schedule;
  readonly run: RunResult;
}

/** One way of following a token. */
interface Attempt {
  readonly chooser: AnchoredChooser;
  readonly trace: RunTrace;
  readonly shows: boolean;
}

const attempt = (program: Program, token: ReplayToken, anchoring: Anchoring): Attempt => {
  const { choices, steps, finding } = token;
  const reached = ({ reports }: Machine): boolean =>
    reports.some((report) => findingId(identityOf(report)) === finding);
  const chooser = new AnchoredChooser({ choices, steps, anchoring, reached });
  const trace = traceRun(program, chooser);
  const shows = trace.occurrences.some(({ id }) => id === finding);
  // A finding that shows earlier than recorded needs no more choices.
  if (!shows) chooser.finish();
  return { chooser, trace, shows };
};

/** The first way that shows the finding; else the first that leads to the end. */
const follow = (program: Program, token: ReplayToken): Attempt => {
  const attempts: Attempt[] = [];
  for (const anchoring of ['exact', 'labels', 'loose'] as const) {
    const one = attempt(program, token, anchoring);
    if (one.shows) return one;
    attempts.push(one);
  }
  const whole = attempts.find(({ chooser }) => chooser.complete);
  if (whole !== undefined) return whole;
  const misfit = attempts[0]?.chooser.misfit ?? attempts[1]?.chooser.misfit;
  const { task, site } = misfit?.expected ?? { task: '?', site: '?' };
  throw errors.fail('LMP-323', {
    message: `choice ${String(misfit?.choice ?? 0)} of ${String(token.choices.length)} is ${task} at ${site}, but ${misfit?.found ?? 'the run has ended'}`,
    where: `replay token of ${token.finding}, program ${token.program}`,
    todo: 'run the check again with the present code',
  });
};

/** What the schedule shows, as a finding of its own: nothing is shrunk again. */
const shownFinding = (trace: RunTrace, occurrence: Occurrence, ref: ProgramRef): Finding => {
  const shrunk = { ...costOf(trace), schedule: scheduleOf(trace), trace, occurrence, exhausted: true };
  return findingOf(shrunk, ref, 1);
};

/**
 * Runs a token's schedule again.
 * @throws LMP-320 the token is damaged
 * @throws LMP-321 it is of another version
 * @throws LMP-322 its program is not here
 * @throws LMP-323 the code changed, and the labels do not lead through it
 */
export const replayToken = (text: string, resolve: ResolveProgram): TokenReplay => {
  const token = decodeToken(text);
  const program = resolve(token);
  if (program === undefined) {
    throw errors.fail('LMP-322', {
      message: `expected a program ${token.program} of revision ${token.revision || '(none)'}, found none of that name`,
      where: `replay token of ${token.finding}`,
      todo: 'see `mpath scenarios` for those that are here',
    });
  }
  const { chooser, trace } = follow(program, token);
  const schedule = scheduleOf(trace);
  const shown = trace.occurrences.find(({ id }) => id === token.finding);
  return {
    token,
    program,
    fit: digestOf(schedule) === token.digest ? 'exact' : 're-anchored',
    moved: chooser.moved,
    finding: shown === undefined ? undefined : shownFinding(trace, shown, token),
    found: [...new Set(trace.occurrences.map(({ id }) => id))],
    schedule,
    run: replay(program, schedule),
  };
};
