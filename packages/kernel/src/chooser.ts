// SPDX-License-Identifier: GPL-2.0-only
import type { Machine } from './machine.js';
import type { Step } from './step.js';
import type { Task } from './task.js';

/**
 * Who decides what happens next. The loop asks; nothing else in the system knows
 * whether virtual time, a sampler, a search or a recorded trace answers.
 */
export interface Chooser {
  /**
   * The task to run next.
   * @param enabled runnable tasks in order of creation, never empty; valid during the call only
   * @returns one of them, or undefined to stop the run here
   */
  pick(enabled: readonly Task[], machine: Machine): Task | undefined;
  /**
   * The task to run next whoever else could, asked before {@link pick}: it must be able to go on.
   * Spares the loop asking every task; undefined or absent: ask them.
   */
  forced?(machine: Machine): Task | undefined;
  /**
   * Would {@link pick} choose `last`, the task that ran last and can go on, whatever else could? True
   * spares the loop asking every task; absent: always ask.
   */
  stays?(last: Task): boolean;
  /** The outcome (0 ≤ n < step.branches) of a step that has several; absent: always 0. */
  branch?(task: Task, step: Step): number;
}

/**
 * Virtual time: the task that ran last goes on while it can, then the others in order of
 * creation; a timer expires only when nothing else can run.
 */
export const virtualTime = (): Chooser => {
  let last: Task | undefined;
  return {
    stays: (task) => task === last && task.kind !== 'timer',
    pick: (enabled) => {
      let first: Task | undefined;
      for (const task of enabled) {
        if (task.kind === 'timer') continue;
        if (task === last) return task;
        first ??= task;
      }
      return (last = first ?? enabled[0]);
    },
  };
};
