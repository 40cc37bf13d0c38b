// SPDX-License-Identifier: GPL-2.0-only
import { conflicts, WHOLE, type Allocation, type Step, type Task, type Touch } from '@libmultipath/kernel';
import type { TraceEvent } from './run-trace.js';

/** Two events of different tasks, the first of which comes before the second whatever else is reordered. */
export interface Edge {
  readonly from: number;
  readonly to: number;
  /** Field over which they meet, or `starts`. */
  readonly over: string;
}

/** Numbers that the clocks of a run may take together: 16 MiB of them. */
const CLOCKS_MAX = 4_000_000;

const touchesOf = (step: Step): readonly Touch[] => [step, ...(step.also ?? [])];

const named = ({ object, field }: Touch): string => (field === WHOLE ? object.label : `${object.label}.${field}`);

/** A field and an element of it are one place. */
const samePlace = (a: string, b: string): boolean => a === b || a.startsWith(`${b}[`) || b.startsWith(`${a}[`);

/** Where two conflicting steps meet; a free meets every field of its memory. */
const meetingPlace = (first: Step, second: Step): string => {
  for (const a of touchesOf(first)) {
    const b = touchesOf(second).find(
      (other) =>
        (a.object === other.object && samePlace(a.field, other.field)) ||
        ((a.field === WHOLE || other.field === WHOLE) && a.object.alloc === other.object.alloc),
    );
    if (b !== undefined) return named(a.field === WHOLE ? b : a);
  }
  return '';
};

/** Events of each task on each allocation, in order: only they can conflict. */
type Users = Map<Allocation, Map<number, TraceEvent[]>>;

const noteUse = (users: Users, event: TraceEvent, task: number): void => {
  for (const { object } of touchesOf(event.step)) {
    let byTask = users.get(object.alloc);
    if (byTask === undefined) users.set(object.alloc, (byTask = new Map<number, TraceEvent[]>()));
    const events = byTask.get(task);
    if (events === undefined) byTask.set(task, [event]);
    else if (events.at(-1) !== event) events.push(event);
  }
};

/** The last event of each other task that conflicts, as far as the clock does not know it. */
const conflictsBefore = (users: Users, event: TraceEvent, task: number, clock: Int32Array): TraceEvent[] => {
  const found = new Set<TraceEvent>();
  for (const alloc of new Set(touchesOf(event.step).map(({ object }) => object.alloc))) {
    for (const [other, events] of users.get(alloc) ?? []) {
      if (other === task) continue;
      for (let at = events.length - 1; at >= 0; at--) {
        const before = events[at];
        if (before === undefined || before.index < (clock[other] ?? 0)) break;
        if (!conflicts(before.step, event.step)) continue;
        found.add(before);
        break;
      }
    }
  }
  return [...found].sort((a, b) => b.index - a.index);
};

const join = (into: Int32Array, from: Int32Array | undefined): void => {
  from?.forEach((value, at) => {
    if (value > (into[at] ?? 0)) into[at] = value;
  });
};

/**
 * Happens-before between tasks, reduced: an edge that follows from others is left out, and so is
 * what a rest orders, which is everything. Empty for a run whose clocks would not fit.
 */
export const edgesOf = (events: readonly TraceEvent[]): Edge[] => {
  const numbers = new Map<Task, number>();
  for (const { task } of events) if (!numbers.has(task)) numbers.set(task, numbers.size);
  if (numbers.size * events.length > CLOCKS_MAX) return [];
  const clocks: Int32Array[] = [];
  const last = new Map<number, number>();
  const users: Users = new Map<Allocation, Map<number, TraceEvent[]>>();
  const edges: Edge[] = [];
  let rest: Int32Array | undefined;
  for (const event of events) {
    const { index, step, bornAt } = event;
    const task = numbers.get(event.task) ?? 0;
    const clock = new Int32Array(numbers.size);
    join(clock, rest);
    const before = last.get(task);
    if (before !== undefined) join(clock, clocks[before]);
    else if (bornAt >= 0) {
      join(clock, clocks[bornAt]);
      if (events[bornAt]?.task !== event.task) edges.push({ from: bornAt, to: index, over: 'starts' });
    }
    if (step.barrier) {
      for (const at of last.values()) join(clock, clocks[at]);
    } else {
      for (const other of conflictsBefore(users, event, task, clock)) {
        if ((clock[numbers.get(other.task) ?? 0] ?? 0) > other.index) continue;
        edges.push({ from: other.index, to: index, over: meetingPlace(other.step, step) });
        join(clock, clocks[other.index]);
      }
      noteUse(users, event, task);
    }
    clock[task] = index + 1;
    clocks.push(clock);
    last.set(task, index);
    if (step.barrier) rest = clock;
  }
  return edges;
};
