// SPDX-License-Identifier: GPL-2.0-only
import type { Program, ReportClass } from '@libmultipath/kernel';
import type { Schedule } from '../choice.js';
import type { Occurrence } from './occurrence.js';
import type { RunTrace } from './run-trace.js';
import type { Shrunk } from './shrink.js';
import { placesOf, type Places } from './places.js';
import { encodeToken, type ProgramRef } from './token.js';
import { tokenOf } from './token-of.js';

/** One defect, with the smallest schedule that shows it. */
export interface Finding extends Places {
  /** Stable over schedules, runs and machines, e.g. `UAF-3f9c2a`. */
  readonly id: string;
  readonly class: ReportClass;
  /** Kind of the object. */
  readonly object: string;
  readonly functions: readonly string[];
  /** Site labels: the report's, then the other place's; all of the cycle for a deadlock. */
  readonly sites: readonly string[];
  /** Tasks of the schedule, in order of appearance. */
  readonly tasks: readonly string[];
  readonly message: string;
  /** Times a task is left that could go on, and that goes on later. */
  readonly preemptions: number;
  /** Changes of the running task. */
  readonly switches: number;
  readonly events: number;
  /** Ends with the step that shows it; a whole run where it is judged at the end. */
  readonly schedule: Schedule;
  /** Token for `mpath replay`. */
  readonly replay: string;
  /** Runs of the search that showed it. */
  readonly count: number;
  /** Ids of findings that the same schedule shows before it. */
  readonly after: readonly string[];
  /** False: the bound on runs ended the shrinking. */
  readonly smallest: boolean;
}

const inOrder = (names: readonly string[]): string[] => [...new Set(names)];

const earlier = (trace: RunTrace, occurrence: Occurrence): string[] =>
  inOrder(trace.occurrences.slice(0, trace.occurrences.indexOf(occurrence)).map(({ id }) => id)).filter(
    (id) => id !== occurrence.id,
  );

export const findingOf = (shrunk: Shrunk, program: ProgramRef, count: number): Finding => {
  const { occurrence, trace, schedule, preemptions, switches, events } = shrunk;
  const { identity, id, message, waiting } = occurrence;
  return {
    id,
    class: identity.class,
    object: identity.object,
    functions: identity.functions,
    sites: identity.sites,
    tasks: inOrder([...schedule.map(({ task }) => task), ...(waiting?.map(({ task }) => task) ?? [])]),
    message,
    ...placesOf(occurrence.report),
    preemptions,
    switches,
    events,
    schedule,
    replay: encodeToken(tokenOf(trace, program, id)),
    count,
    after: earlier(trace, occurrence),
    smallest: shrunk.exhausted,
  };
};

/** The program's own name, for a program that is not resolved by name. */
export const plainRef = (program: Program): ProgramRef => ({ program: program.name, revision: '', args: null });
