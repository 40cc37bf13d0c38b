// SPDX-License-Identifier: GPL-2.0-only
import type { Machine, Report } from '@libmultipath/kernel';
import type { ProgramEnd } from '../run-program.js';
import { findingId, identityOf, type FindingIdentity } from './identity.js';
import { cyclesOf, deadlockIdentity, hangIdentity, rootsOf, type BlockedTask, type Cycle } from './waiters.js';

/** One finding in one run. */
export interface Occurrence {
  readonly id: string;
  readonly identity: FindingIdentity;
  readonly message: string;
  /** Index of the step that showed it; -1: before the first; the number of steps: at the end. */
  readonly at: number;
  /** It is judged over the whole run (a hang, a leak): a run that was cut off shows none. */
  readonly whole: boolean;
  readonly report?: Report;
  /** Who waits for ever: the task itself, or the cycle. */
  readonly waiting?: readonly BlockedTask[];
}

/** A property of the program that did not hold. */
export interface JudgedReport {
  readonly report: Report;
  /** Index of the last step before it was asked. */
  readonly at: number;
  /** It was asked at the end of the run. */
  readonly whole: boolean;
}

export interface RunFacts {
  readonly machine: Machine;
  readonly end: ProgramEnd;
  readonly blocked: readonly BlockedTask[];
  /** For each report: index of the step that booked it. */
  readonly reportedAt: readonly number[];
  /** What properties of the program did not hold. */
  readonly judged: readonly JudgedReport[];
  readonly steps: number;
}

const SECONDS = 120;

/** What khungtaskd prints of a task. */
const blockedMessage = (task: string): string => `INFO: task ${task} blocked for more than ${String(SECONDS)} seconds.`;

const cycleMessage = (cycle: Cycle): string =>
  cycle.map(({ task, object, waitsFor }) => `${task} waits for ${object} of ${waitsFor.join(', ')}`).join('; ');

const ofReport = (report: Report, booked: number, steps: number): Occurrence => {
  const identity = identityOf(report);
  // Properties of a whole run are judged after its last step, by nobody's step.
  const whole = report.site === undefined && booked >= steps - 1;
  return { id: findingId(identity), identity, message: report.message, at: whole ? steps : booked, whole, report };
};

/** A report that tasks wait for ever. */
export const isWaiting = ({ class: what }: Report): boolean => what === 'hang' || what === 'deadlock';

/**
 * Everything that went wrong in one run. A task that waits for ever after another one was
 * killed by an oops is a consequence, as every kernel developer takes it, and no finding.
 */
export const occurrencesOf = ({ machine, end, blocked, reportedAt, judged, steps }: RunFacts): Occurrence[] => {
  const found = machine.reports.map((report, nth) => ofReport(report, reportedAt[nth] ?? steps, steps));
  for (const { report, at, whole } of judged) {
    // Who waits for ever is told below, the one that the others wait for alone.
    if (isWaiting(report)) continue;
    const identity = identityOf(report);
    found.push({ id: findingId(identity), identity, message: report.message, at: whole ? steps : at, whole, report });
  }
  const told = new Set(machine.reports.filter((one) => one.class === 'deadlock').map(({ task }) => task));
  for (const cycle of cyclesOf(blocked)) {
    // A lock taken twice has its own report.
    if (cycle.some(({ task }) => told.has(task))) continue;
    const identity = deadlockIdentity(cycle);
    found.push({
      id: findingId(identity),
      identity,
      message: cycleMessage(cycle),
      at: steps,
      whole: false,
      waiting: cycle,
    });
  }
  if (end !== 'stuck' || machine.tasks.some(({ killed }) => killed)) return found;
  for (const root of rootsOf(blocked)) {
    const identity = hangIdentity(root);
    const message = blockedMessage(root.task);
    found.push({ id: findingId(identity), identity, message, at: steps, whole: true, waiting: [root] });
  }
  return found;
};
