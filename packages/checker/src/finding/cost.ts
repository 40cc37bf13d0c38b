// SPDX-License-Identifier: GPL-2.0-only
import type { RunTrace, TraceEvent } from './run-trace.js';

/** What a schedule asks of its reader; compared in this order. */
export interface Cost {
  /** Times a task was left that could have gone on, and that goes on later. */
  readonly preemptions: number;
  /** Changes of the running task. */
  readonly switches: number;
  readonly events: number;
}

/** Of the first `steps` steps of a run. */
export const costOf = (trace: RunTrace, steps = trace.events.length): Cost => {
  const events = trace.events.slice(0, steps);
  let preemptions = 0;
  let switches = 0;
  const later = new Set<string>();
  // From the end, so that who goes on later is known.
  for (let i = events.length - 1; i > 0; i--) {
    const [before, now] = [events[i - 1], events[i]] as const;
    if (before === undefined || now === undefined) continue;
    later.add(now.task.name);
    if (before.task === now.task) continue;
    switches++;
    if (couldGoOn(before, now) && later.has(before.task.name)) preemptions++;
  }
  return { preemptions, switches, events: events.length };
};

const couldGoOn = (before: TraceEvent, now: TraceEvent): boolean => now.others.includes(before.task.name);

export const isCheaper = (a: Cost, b: Cost): boolean =>
  a.preemptions !== b.preemptions
    ? a.preemptions < b.preemptions
    : a.switches !== b.switches
      ? a.switches < b.switches
      : a.events < b.events;
