// SPDX-License-Identifier: GPL-2.0-only
import { Machine, virtualTime, withCurrent, type Chooser, type Program, type Task } from '@libmultipath/driver-kit';
import { messages } from './mpath-run.js';

/** One leg of a schedule: the task runs, with whoever serves it, while the others that are named stand still. */
export interface Leg {
  readonly run: string;
  /** Where the leg ends; absent: when the task has ended, or cannot go on. */
  readonly until?: (task: Task) => boolean;
}

/** A task stands before a step inside this function. */
export const inside =
  (fn: string) =>
  (task: Task): boolean =>
    task.pending !== undefined && task.stack().includes(fn);

/** A task stands before an access to this field of an object of this kind. */
export const before =
  (kind: string, field: string, op?: string) =>
  ({ pending }: Task): boolean =>
    pending?.object?.kind === kind && pending.field === field && (op === undefined || pending.op === op);

/** Both, for the same step. */
export const both =
  (...all: readonly ((task: Task) => boolean)[]) =>
  (task: Task): boolean =>
    all.every((one) => one(task));

/** Leads the named tasks along the legs; then everybody runs on virtual time. Tasks that no leg names may always run. */
export const directed = (legs: readonly Leg[]): Chooser => {
  const time = virtualTime();
  const named = new Set(legs.map(({ run }) => run));
  let at = 0;
  return {
    pick: (enabled, machine) => {
      for (let leg = legs[at]; leg !== undefined; leg = legs[++at]) {
        const { run, until } = leg;
        const task = machine.tasks.find(({ name }) => name === run);
        if (task === undefined) return time.pick(enabled, machine);
        if (task.done || until?.(task) === true) continue;
        if (enabled.includes(task)) return task;
        const helpers = enabled.filter(({ name }) => !named.has(name));
        const awake = helpers.filter(({ kind }) => kind !== 'timer');
        if (awake.length > 0) return awake[0];
        if (helpers.length > 0 && until !== undefined) return helpers[0];
      }
      return time.pick(enabled, machine);
    },
  };
};

/** Any task at each step, as a seed decides (32 bits: a linear congruence); timers when nothing else can run. */
export const seeded = (seed: number): Chooser => {
  let state = seed >>> 0;
  const next = (below: number): number => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return Math.floor((state / 2 ** 32) * below);
  };
  return {
    pick: (enabled) => {
      const awake = enabled.filter(({ kind }) => kind !== 'timer');
      const from = awake.length > 0 ? awake : enabled;
      return from[next(from.length)];
    },
    branch: (_task, { branches }) => next(branches),
  };
};

export interface DirectedRun {
  readonly end: string;
  readonly outcome: unknown;
  readonly messages: readonly string[];
  /** Tasks that wait for ever. */
  readonly stuck: readonly string[];
}

/** Runs the program as the chooser says, to its end. */
export const runProgram = (program: Program, chooser: Chooser): DirectedRun => {
  const machine = new Machine({ maxSteps: 400_000, ...program.options });
  const run = withCurrent(machine, undefined, () => program.make(machine));
  const end = machine.run(chooser);
  const stuck = machine.tasks.filter(({ done, service }) => !done && !service).map(({ name }) => name);
  return { end, outcome: run.outcome(), messages: messages(machine.reports), stuck };
};

/** Runs the program along the legs, to its end. */
export const runDirected = (program: Program, legs: readonly Leg[]): DirectedRun => runProgram(program, directed(legs));
