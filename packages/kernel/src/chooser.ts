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
    pick: (enabled) => {
      const awake = enabled.filter((task) => task.kind !== 'timer');
      if (last === undefined || !awake.includes(last)) last = awake[0] ?? enabled[0];
      return last;
    },
  };
};
