// SPDX-License-Identifier: GPL-2.0-only
import { siteLabel, writes, type Program, type Step } from '@libmultipath/kernel';
import { errors } from '../errors.js';
import { Follower } from '../follower.js';
import type { Finding } from './finding.js';
import { stableSite } from './identity.js';
import type { Occurrence } from './occurrence.js';
import { traceRun, type RunTrace, type TraceEvent } from './run-trace.js';
import { partInIt, restBefore } from './slice.js';
import { changeOf, stateOf } from './state-of.js';
import type { BlockedTask } from './waiters.js';

/** One step of the schedule, with what it did. */
export interface ToldEvent {
  readonly index: number;
  readonly task: string;
  /** Kernel functions, outermost first. */
  readonly stack: readonly string[];
  readonly op: string;
  readonly target: string;
  readonly object: string;
  /** What matters of the state: `2 → 1`, `= NULL`; empty: nothing to tell. */
  readonly state: string;
  readonly site?: 0 | 1;
  /** It happens before what the finding shows. */
  readonly matters: boolean;
}

/** All that is printed of a finding: plain data. */
export interface Story {
  readonly finding: Omit<Finding, 'schedule' | 'preemptions' | 'count' | 'after' | 'smallest'>;
  readonly program: string;
  readonly revision: string;
  readonly bound: string;
  readonly count: number;
  readonly object: string;
  readonly task: string;
  readonly stack: readonly string[];
  readonly access?: { readonly kind: 'Read' | 'Write'; readonly target: string };
  readonly places: readonly { readonly role: string; readonly task: string; readonly stack: readonly string[] }[];
  readonly waiters: readonly BlockedTask[];
  /** So many steps come before everything was at rest for the last time, and the sites after. */
  readonly rest: number;
  readonly events: readonly ToldEvent[];
  readonly after: readonly string[];
}

export interface StoryContext {
  readonly revision: string;
  /** What the search had covered. */
  readonly bound: string;
}

/** A finding's schedule once more, with the state beside each step. */
const observed = (program: Program, finding: Finding): { trace: RunTrace; states: readonly string[] } => {
  const states: string[] = [];
  let before: string | undefined;
  const trace = traceRun(program, new Follower(finding.schedule, program.name), {
    before: (_task, step) => {
      before = stateOf(step);
    },
    after: ({ step }) => {
      states.push(changeOf(before, stateOf(step), step.value));
    },
    stacks: true,
  });
  return { trace, states };
};

/** Which of the finding's sites a step is: the report's own step, and the last that fits the other label. */
const sitesIn = (trace: RunTrace, finding: Finding, occurrence: Occurrence): ReadonlyMap<number, 0 | 1> => {
  const found = new Map<number, 0 | 1>();
  const [, other] = finding.sites;
  if (other !== undefined && occurrence.waiting === undefined) {
    const label = ({ task, step }: TraceEvent): string => stableSite(siteLabel(step), task.name);
    const last = trace.events.findLastIndex((event, at) => at < occurrence.at && label(event) === other);
    if (last >= 0) found.set(last, 1);
  }
  if (occurrence.at >= 0 && occurrence.at < trace.events.length) found.set(occurrence.at, 0);
  return found;
};

const kindOfAccess = ({ access }: Step): 'Read' | 'Write' => (writes(access) ? 'Write' : 'Read');

/** Those that the finding is about first. */
const waitersOf = ({ blocked }: RunTrace, { waiting }: Occurrence): BlockedTask[] => {
  const names = new Set(waiting?.map(({ task }) => task));
  return waiting === undefined ? [] : [...waiting, ...blocked.filter(({ task }) => !names.has(task))];
};

/**
 * Tells a finding: its schedule step by step with the state that matters, the two sites,
 * and what the kernel would have printed.
 * @throws LMP-327 the schedule does not show it
 */
export const storyOf = (program: Program, finding: Finding, context: StoryContext): Story => {
  const { trace, states } = observed(program, finding);
  const occurrence = trace.occurrences.find(({ id }) => id === finding.id);
  if (occurrence === undefined) {
    throw errors.fail('LMP-327', {
      message: `expected ${finding.id} when its schedule is repeated, found ${trace.occurrences.map(({ id }) => id).join(', ') || 'nothing'}`,
      where: `program ${program.name}`,
    });
  }
  const { report, waiting } = occurrence;
  const sites = sitesIn(trace, finding, occurrence);
  const earliest = Math.min(occurrence.at, ...sites.keys());
  const rest = restBefore(trace, earliest);
  const matters = partInIt(trace, occurrence, rest);
  const { schedule: _schedule, preemptions: _preemptions, count, after, smallest: _smallest, ...told } = finding;
  const reporting = trace.events[occurrence.at]?.step;
  const events = trace.events.map((event): ToldEvent => {
    const site = sites.get(event.index);
    return {
      index: event.index,
      task: event.task.name,
      stack: [...event.stack].reverse(),
      op: event.step.op,
      target: event.step.target,
      object: event.step.object.label,
      state: states[event.index] ?? '',
      ...(site === undefined ? {} : { site }),
      matters: matters.has(event.index),
    };
  });
  return {
    finding: told,
    program: program.name,
    ...context,
    count,
    object: report?.object ?? waiting?.[0]?.object ?? '',
    task: report?.task ?? waiting?.[0]?.task ?? '',
    stack: report?.stack ?? waiting?.[0]?.stack ?? [],
    ...(reporting === undefined ? {} : { access: { kind: kindOfAccess(reporting), target: reporting.target } }),
    places: report?.others.map(({ role, where: { task, stack } }) => ({ role, task, stack })) ?? [],
    waiters: waitersOf(trace, occurrence),
    rest,
    events,
    after,
  };
};
