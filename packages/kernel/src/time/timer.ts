// SPDX-License-Identifier: GPL-2.0-only
import { current, currentMachine } from '../current.js';
import { makeStep } from '../kfn.js';
import type { machine_clock } from '../machine.js';
import { checkLive, checkPointer } from '../memory/check.js';
import { KObject } from '../object.js';
import { might_sleep } from '../sched/might-sleep.js';
import { ensureLane } from '../sched/lane.js';
import type { StepOptions, Steps, Touch } from '../step.js';

/** What expiry does beyond moving the clock, in the same step. */
export interface ExpiryEffect {
  readonly touches: () => readonly Touch[];
  readonly run: () => void;
}

/**
 * Kernel: struct timer_list. Its callback runs in a task of its own, of kind `timer`, in
 * atomic context. When it is armed stands in the machine's clock.
 */
export class timer_list extends KObject {
  /** The callback is running. */
  running = false;
  readonly clock: machine_clock = currentMachine().clock;
  readonly #syncOptions: StepOptions = { enabled: () => !this.running || this.alloc.freedAt !== undefined };

  constructor(
    container: KObject | undefined,
    readonly fn: (timer: timer_list) => Steps<void>,
    readonly name: string,
    readonly effect?: ExpiryEffect,
  ) {
    super(container);
    const guard = {
      activeAtFree: () =>
        this.clock.armed.has(this)
          ? `ODEBUG: free active (active state 0) object type: timer_list hint: ${this.name}`
          : undefined,
    };
    (this.alloc.guards ??= []).push(guard);
  }

  get syncOptions(): StepOptions {
    return this.#syncOptions;
  }
}

/** May it expire now: armed, and nobody is armed for an earlier time. */
const isDue = (timer: timer_list): boolean => {
  const { armed } = timer.clock;
  const expires = armed.get(timer);
  if (expires === undefined) return false;
  for (const other of armed.values()) if (other < expires) return false;
  return true;
};

function* lane(timer: timer_list): Steps<void> {
  const { clock } = timer;
  const own: readonly Touch[] = [
    { object: clock, field: 'jiffies', access: 'write' },
    { object: timer, field: 'running', access: 'write' },
  ];
  const { effect } = timer;
  const task = current();
  const machine = currentMachine();
  const options: StepOptions = {
    ordering: 'full',
    rest: [],
    also: effect === undefined ? own : () => [...own, ...effect.touches()],
    // Whether all others are at rest is no field that they touch: the step is a settle point of its own.
    ...(machine.lateTimers
      ? { barrier: true, enabled: () => isDue(timer) && machine.settledBut(task) }
      : { enabled: () => isDue(timer) }),
  };
  for (;;) {
    const step = makeStep('expire', clock, 'armed', 'update', options);
    yield step;
    clock.jiffies = Math.max(clock.jiffies, clock.armed.get(timer) ?? 0);
    clock.armed.delete(timer);
    checkLive(timer);
    if (effect !== undefined) {
      effect.run();
      continue;
    }
    timer.running = true;
    task.busy = true;
    task.atomicDepth = 1;
    yield* timer.fn(timer);
    // The callback may have freed the timer: what follows is the lane's own business.
    yield makeStep('timer_done', timer, 'running', 'write');
    timer.running = false;
    task.busy = false;
    task.atomicDepth = 0;
  }
}

/** Arms without a step: for a step of the caller that touches the clock's `armed`. */
export const arm = (timer: timer_list, expires: number): boolean => {
  const was = timer.clock.armed.has(timer);
  timer.clock.armed.set(timer, expires);
  ensureLane('timer', timer, timer.name, () => lane(timer));
  return was;
};

/** Disarms without a step. */
export const disarm = (timer: timer_list): boolean => timer.clock.armed.delete(timer);

/** Kernel: mod_timer(). @param expires absolute, in jiffies @returns true when it was armed */
export function* mod_timer(pointer: timer_list | null, expires: number): Steps<boolean> {
  const timer = checkPointer(pointer, 'entry');
  const step = makeStep('mod_timer', timer.clock, 'armed', 'update');
  yield step;
  checkLive(timer);
  const was = arm(timer, expires);
  step.value = was;
  return was;
}

/** Kernel: timer_pending(). */
export function* timer_pending(pointer: timer_list | null): Steps<boolean> {
  const timer = checkPointer(pointer, 'entry');
  const step = makeStep('timer_pending', timer.clock, 'armed', 'read');
  yield step;
  checkLive(timer);
  const armed = timer.clock.armed.has(timer);
  step.value = armed;
  return armed;
}

/** Kernel: timer_delete(). Does not wait for a running callback. @returns true when it was armed */
export function* timer_delete(pointer: timer_list | null): Steps<boolean> {
  const timer = checkPointer(pointer, 'entry');
  const step = makeStep('timer_delete', timer.clock, 'armed', 'update');
  yield step;
  checkLive(timer);
  const was = disarm(timer);
  step.value = was;
  return was;
}

/** Kernel: timer_delete_sync(). Also waits for a running callback. */
export function* timer_delete_sync(pointer: timer_list | null): Steps<boolean> {
  const timer = checkPointer(pointer, 'entry');
  might_sleep('timer_delete_sync', timer);
  const was = yield* timer_delete(timer);
  yield makeStep('timer_delete_sync', timer, 'running', 'read', timer.syncOptions);
  checkLive(timer);
  return was;
}
