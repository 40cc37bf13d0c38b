// SPDX-License-Identifier: GPL-2.0-only
import { currentMachine } from '../current.js';
import { makeStep } from '../kfn.js';
import { might_sleep } from '../sched/might-sleep.js';
import type { Steps } from '../step.js';
import { msecs_to_jiffies } from './jiffies.js';
import { own_timer } from './process-timer.js';
import { arm } from './timer.js';

/** Kernel: schedule_timeout_uninterruptible(): sleeps for that many jiffies. Context: may sleep. */
export function* schedule_timeout_uninterruptible(timeoutJiffies: number): Steps<void> {
  might_sleep('schedule_timeout_uninterruptible', undefined);
  yield* sleep('schedule_timeout_uninterruptible', timeoutJiffies);
}

function* sleep(op: string, timeoutJiffies: number): Steps<void> {
  const { clock } = currentMachine();
  const sleeper = own_timer();
  yield makeStep(op, clock, 'armed', 'update', { also: [{ object: sleeper, field: 'awake', access: 'write' }] });
  sleeper.awake = false;
  arm(sleeper.timer, clock.jiffies + timeoutJiffies);
  yield makeStep('schedule_timeout', sleeper, 'awake', 'read', { enabled: () => sleeper.awake });
}

/** Kernel: msleep(). Context: may sleep. Sleeps one tick longer than asked for, as the kernel does. */
export function* msleep(ms: number): Steps<void> {
  might_sleep('msleep', undefined);
  yield* sleep('msleep', msecs_to_jiffies(ms) + 1);
}
