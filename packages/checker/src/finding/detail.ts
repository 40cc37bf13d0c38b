// SPDX-License-Identifier: GPL-2.0-only
import type { Machine, Program, Task } from '@libmultipath/kernel';
import { Follower } from '../follower.js';
import { edgesOf, type Edge } from './detail-edges.js';
import { Lives, type Life } from './detail-lives.js';
import { StateLog, type Change } from './detail-state.js';
import type { Finding } from './finding.js';
import { traceRun, type TraceEvent } from './run-trace.js';

/** A task as a lane. */
export interface Lane {
  readonly name: string;
  readonly kind: Task['kind'];
  readonly cpu: number;
}

/** What a page about a finding shows beyond its story: plain data, events named by index. */
export interface Detail {
  /** In order of first step; after them those that never took one and are still there. */
  readonly tasks: readonly Lane[];
  readonly edges: readonly Edge[];
  readonly initial: Readonly<Record<string, string>>;
  readonly changes: Readonly<Record<number, readonly Change[]>>;
  /** Events that wait until everything is at rest. */
  readonly rests: readonly number[];
  readonly objects: readonly Life[];
}

/**
 * Runs a finding's schedule once more and keeps the order between its tasks, what each step
 * changes, and the life of every object that it touches.
 * @param about label of the object that the finding is about, or of a part of it: its life comes first
 */
export const detailOf = (program: Program, { schedule }: Pick<Finding, 'schedule'>, about = ''): Detail => {
  const lives = new Lives();
  const state = new StateLog();
  /** The step that is being taken, with the stack that it was taken from. */
  let taken: { readonly index: number; readonly stack: readonly string[] } = { index: -1, stack: [] };
  let machine: Machine | undefined;
  const watched: Program = {
    ...program,
    make(made) {
      machine = made;
      return program.make(made);
    },
  };
  const trace = traceRun(watched, new Follower(schedule, program.name), {
    before: (task, step) => {
      taken = { index: taken.index + 1, stack: task.stack() };
      state.before(step);
      lives.before(step, machine?.allocated ?? 0);
    },
    after: ({ task, step }) => {
      state.after(taken.index);
      const event: TraceEvent = { ...taken, task, step, others: [], bornAt: -1 };
      lives.after(event);
    },
    stacks: true,
  });
  const tasks = [...new Set(trace.events.map(({ task }) => task))];
  const left = trace.machine.tasks.filter((task) => !tasks.includes(task) && !task.done && !task.service);
  return {
    tasks: [...tasks, ...left].map(({ name, kind, cpu }) => ({ name, kind, cpu })),
    edges: edgesOf(trace.events),
    initial: state.initial,
    changes: state.changes,
    rests: trace.events.flatMap(({ index, step }) => (step.barrier ? [index] : [])),
    objects: lives.all(about.split('.')[0] ?? ''),
  };
};
