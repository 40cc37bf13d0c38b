// SPDX-License-Identifier: GPL-2.0-only
import { current } from '../current.js';
import { KObject } from '../object.js';
import type { Touch } from '../step.js';
import type { Task } from '../task.js';
import { timer_list } from './timer.js';

/** Kernel: struct process_timer: the timer that wakes one sleeping task. */
export class process_timer extends KObject {
  /** It expired, or nobody sleeps by it. */
  awake = true;
  readonly timer: timer_list;

  constructor(task: Task) {
    super();
    const wakes: readonly Touch[] = [{ object: this, field: 'awake', access: 'write' }];
    // Not embedded: its lane is named by the task alone, whoever came to sleep first.
    this.timer = new timer_list(undefined, function* () {}, `schedule_timeout ${task.name}`, {
      touches: () => wakes,
      run: () => {
        this.awake = true;
      },
    });
  }
}

/** A task sleeps by one timer at a time, so that one is enough for its life. */
const timers = new WeakMap<Task, process_timer>();

/** The running task's. */
export const own_timer = (): process_timer => {
  const task = current();
  let own = timers.get(task);
  if (own === undefined) timers.set(task, (own = new process_timer(task)));
  return own;
};
