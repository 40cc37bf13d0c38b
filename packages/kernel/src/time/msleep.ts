// SPDX-License-Identifier: GPL-2.0-only
import { current, currentMachine } from '../current.js';
import { makeStep } from '../kfn.js';
import { KObject } from '../object.js';
import { might_sleep } from '../sched/might-sleep.js';
import type { StepOptions, Steps } from '../step.js';
import type { Task } from '../task.js';
import { msecs_to_jiffies } from './jiffies.js';
import { arm, timer_list } from './timer.js';

/** Kernel: struct process_timer: the timer that wakes one sleeping task. */
class process_timer extends KObject {
  awake = true;
  readonly timer: timer_list;
  readonly #sleepOptions: StepOptions = { enabled: () => this.awake };

  constructor(task: Task) {
    super();
    this.timer = new timer_list(this, function* () {}, `msleep ${task.name}`, {
      touches: () => [{ object: this, field: 'awake', access: 'write' }],
      run: () => {
        this.awake = true;
      },
    });
  }

  get sleepOptions(): StepOptions {
    return this.#sleepOptions;
  }
}

const timers = new WeakMap<Task, process_timer>();

/** Kernel: msleep(). Context: may sleep. Sleeps one tick longer than asked for, as the kernel does. */
export function* msleep(ms: number): Steps<void> {
  might_sleep('msleep', undefined);
  const task = current();
  const { clock } = currentMachine();
  let sleeper = timers.get(task);
  if (sleeper === undefined) timers.set(task, (sleeper = new process_timer(task)));
  yield makeStep('msleep', clock, 'armed', 'update', {
    also: [{ object: sleeper, field: 'awake', access: 'write' }],
  });
  sleeper.awake = false;
  arm(sleeper.timer, clock.jiffies + msecs_to_jiffies(ms) + 1);
  yield makeStep('schedule_timeout', sleeper, 'awake', 'read', sleeper.sleepOptions);
}
