// SPDX-License-Identifier: GPL-2.0-only
import { conflicts, type Step, type Task } from '@libmultipath/kernel';
import type { Occurrence } from './occurrence.js';
import type { RunTrace, TraceEvent } from './run-trace.js';

/** Steps that matter, and those before which a task waits for ever. */
interface Wanted {
  readonly events: readonly TraceEvent[];
  readonly pending: readonly { readonly task: Task; readonly step: Step }[];
}

const allocationOf = (label: string): string => label.split('.')[0] ?? label;

/** What the causes of a finding are looked for from. */
const targetsOf = (trace: RunTrace, { at, waiting, report }: Occurrence): Wanted => {
  const waiters = new Set(waiting?.map(({ task }) => task));
  const pending = trace.machine.tasks.flatMap((task) =>
    waiters.has(task.name) && task.pending !== undefined ? [{ task, step: task.pending }] : [],
  );
  const event = trace.events[at];
  if (event !== undefined) return { events: [event], pending };
  if (pending.length > 0 || report === undefined) return { events: [], pending };
  // Judged at the end: all that touched the object.
  const allocation = allocationOf(report.object);
  return { events: trace.events.filter(({ step }) => step.object.alloc.label === allocation), pending: [] };
};

/**
 * Indices of the steps that happen before what a finding shows, or are it: a schedule of
 * these alone, in the same order, leads to the same place, because nothing that they read
 * or wait for was touched by the others.
 */
export const causalSlice = (trace: RunTrace, occurrence: Occurrence): ReadonlySet<number> => {
  const wanted = targetsOf(trace, occurrence);
  const kept = new Set<number>(wanted.events.map(({ index }) => index));
  const steps: Step[] = wanted.pending.map(({ step }) => step);
  const tasks = new Set<Task>(wanted.pending.map(({ task }) => task));
  const births = new Set<number>();
  for (const { task } of wanted.pending) {
    const born = trace.events.find((event) => event.task === task)?.bornAt;
    if (born !== undefined) births.add(born);
  }
  for (let index = trace.events.length - 1; index >= 0; index--) {
    const event = trace.events[index];
    if (event === undefined) continue;
    const before =
      kept.has(index) ||
      births.has(index) ||
      tasks.has(event.task) ||
      steps.some((step) => conflicts(event.step, step));
    if (!before) continue;
    kept.add(index);
    steps.push(event.step);
    tasks.add(event.task);
    births.add(event.bornAt);
  }
  return kept;
};

/** Number of steps up to the last point of rest before `at`, that one included; 0: there is none. */
export const restBefore = (trace: RunTrace, at: number): number =>
  trace.events.findLastIndex(({ index, step }) => step.barrier && index < at) + 1;

/** So few steps are told one by one; of more only those in which tasks meet. */
const FEW_STEPS = 24;

/**
 * Indices of the steps that a reader needs: after everything was at rest, before the
 * finding, in longer schedules those in which two tasks meet. Of a task that waits for ever
 * also the later steps that touch what it touched: the wake-up that came too early is no
 * cause, and is the defect.
 */
export const partInIt = (trace: RunTrace, occurrence: Occurrence, from: number): ReadonlySet<number> => {
  const kept = causalSlice(trace, occurrence);
  const recent = trace.events.slice(from);
  const waiting = new Set(occurrence.waiting?.map(({ task }) => task));
  const own = occurrence.whole ? recent.filter(({ task }) => waiting.has(task.name)) : [];
  const told = recent.filter(
    ({ index, step }) => kept.has(index) || (!step.barrier && own.some((one) => conflicts(one.step, step))),
  );
  if (told.length <= FEW_STEPS) return new Set(told.map(({ index }) => index));
  const stopped = trace.machine.tasks.flatMap((task) =>
    task.pending === undefined ? [] : [{ task, step: task.pending }],
  );
  const others = [...recent, ...stopped].filter(({ step }) => !step.barrier);
  const meets = ({ index, task, step }: TraceEvent): boolean =>
    index === occurrence.at || others.some((other) => other.task !== task && conflicts(other.step, step));
  return new Set(told.filter(meets).map(({ index }) => index));
};
