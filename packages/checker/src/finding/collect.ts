// SPDX-License-Identifier: GPL-2.0-only
import type { Program } from '@libmultipath/kernel';
import type { Schedule } from '../choice.js';
import { errors } from '../errors.js';
import type { Findings, FoundReport } from '../exploration.js';
import { Follower } from '../follower.js';
import { costOf, isCheaper } from './cost.js';
import { findingOf, plainRef, type Finding } from './finding.js';
import { identityKey } from './identity.js';
import { isWaiting, type Occurrence } from './occurrence.js';
import { traceRun, type RunTrace } from './run-trace.js';
import { shrink, type ShrinkOptions } from './shrink.js';
import { entryOf, type Listed } from '../known/entry-of.js';
import { placesOf } from './places.js';
import type { ProgramRef } from './token.js';

export interface CollectOptions {
  /** How the program is found again by `mpath replay`; default: its name. */
  readonly ref?: ProgramRef;
  /** Steps that the shrinking of one finding may take; default 200,000. */
  readonly maxShrinkSteps?: number;
  /** Stuck states that are looked at, by key; default 1,000. Those beyond it are the same hangs as a rule. */
  readonly maxStuckStates?: number;
  /** What a list tells already, so that the schedules of it need not be the smallest. */
  readonly listed?: readonly Listed[];
  /** Steps that the shrinking of one of these may take; default: as any other. */
  readonly listedShrinkSteps?: number;
  /** Asked before each run: true ends the shrinking, and what is smallest by then is given. */
  readonly stop?: () => boolean;
}

/** The best run seen for one finding. */
interface Candidate {
  readonly trace: RunTrace;
  readonly occurrence: Occurrence;
  readonly count: number;
}

const DEFAULT_STUCK_STATES = 1_000;
/** Of them, when there is no time: each is one run. */
const HASTY_STUCK_STATES = 20;

class Collector {
  readonly candidates = new Map<string, Candidate>();

  constructor(private readonly program: Program) {}

  /** Looks at the schedule of a report that `count` runs booked. */
  report({ schedule, count, key, report }: FoundReport): void {
    const trace = this.traceOf(schedule);
    const occurrence = trace.occurrences.find(({ identity }) => identityKey(identity) === key);
    if (occurrence !== undefined) return this.note({ trace, occurrence, count });
    // A property that says who waits for ever: such runs are among the stuck ones, and counted there.
    if (isWaiting(report)) return this.stuck(schedule, 0);
    throw errors.fail('LMP-327', {
      message: `expected ${key} when the run is repeated, found ${trace.occurrences.map(({ id }) => id).join(', ') || 'nothing'}`,
      where: `program ${this.program.name}`,
      todo: 'make the program build everything anew in make()',
    });
  }

  /** Looks at the schedule of a run in which tasks wait for ever: what was reported is counted elsewhere. */
  stuck(schedule: Schedule, count: number): void {
    const trace = this.traceOf(schedule);
    for (const occurrence of trace.occurrences) {
      if (occurrence.report === undefined) this.note({ trace, occurrence, count });
    }
  }

  private note(other: Candidate): void {
    const known = this.candidates.get(other.occurrence.id);
    const count = (known?.count ?? 0) + other.count;
    this.candidates.set(other.occurrence.id, { ...(known === undefined ? other : better(known, other)), count });
  }

  private traceOf(schedule: Schedule): RunTrace {
    return traceRun(this.program, new Follower(schedule, this.program.name));
  }
}

const better = (known: Candidate, other: Candidate): Candidate =>
  isCheaper(costOf(other.trace, other.occurrence.at + 1), costOf(known.trace, known.occurrence.at + 1)) ? other : known;

const collected = (
  program: Program,
  found: Findings,
  { maxStuckStates = DEFAULT_STUCK_STATES, stop }: CollectOptions = {},
): Collector => {
  const collector = new Collector(program);
  for (const report of found.reports) collector.report(report);
  for (const [nth, { schedule, count }] of found.ends.stuckAt.slice(0, maxStuckStates).entries()) {
    if (nth >= HASTY_STUCK_STATES && stop?.() === true) break;
    collector.stuck(schedule, count);
  }
  return collector;
};

/**
 * Ids of the findings of an exploration, sorted: nothing is shrunk.
 * @throws LMP-327 a schedule does not show what the search found in it
 */
export const findingIds = (program: Program, found: Findings): string[] =>
  [...collected(program, found).candidates.keys()].sort();

/**
 * The findings of an exploration, each once, with its smallest schedule and its token.
 * Sorted by id; the same exploration gives the same bytes.
 * @throws LMP-327 a schedule does not show what the search found in it
 */
export const findingsOf = (program: Program, found: Findings, options: CollectOptions = {}): Finding[] => {
  const { candidates } = collected(program, found, options);
  const ref = options.ref ?? plainRef(program);
  const { listed = [], maxShrinkSteps, listedShrinkSteps = maxShrinkSteps, stop } = options;
  const isListed = ({ occurrence: { id, identity, report } }: Candidate): boolean =>
    entryOf(listed, { id, class: identity.class, object: identity.object, ...placesOf(report) }) !== undefined;
  const limitsOf = (candidate: Candidate): ShrinkOptions => {
    const maxSteps = isListed(candidate) ? listedShrinkSteps : maxShrinkSteps;
    return { ...(maxSteps === undefined ? {} : { maxSteps }), ...(stop === undefined ? {} : { stop }) };
  };
  // What is not listed first: where time ends the shrinking, that was made smallest.
  const inTurn = [...candidates].sort(
    ([a, one], [b, other]) => Number(isListed(one)) - Number(isListed(other)) || (a < b ? -1 : 1),
  );
  return inTurn
    .map(([, candidate]) => {
      const { trace, occurrence, count } = candidate;
      return findingOf(shrink(program, trace, occurrence, limitsOf(candidate)), ref, count);
    })
    .sort((a, b) => (a.id < b.id ? -1 : 1));
};
