// SPDX-License-Identifier: GPL-2.0-only
import { makeStep } from '../kfn.js';
import { checkLive, checkPointer } from '../memory/check.js';
import { KObject } from '../object.js';
import { currentMachine } from '../current.js';
import { might_sleep } from '../sched/might-sleep.js';
import { own_timer } from '../time/process-timer.js';
import { arm, disarm } from '../time/timer.js';
import type { StepOptions, Steps } from '../step.js';

/** Value of `done` after complete_all(). */
const UINT_MAX = 0xffffffff;

/** Kernel: struct completion. */
export class completion extends KObject {
  done = 0;
  readonly #waitOptions: StepOptions = {
    ordering: 'acquire',
    enabled: () => this.done > 0 || this.alloc.freedAt !== undefined,
  };

  get waitOptions(): StepOptions {
    return this.#waitOptions;
  }
}

const RELEASE: StepOptions = { ordering: 'release' };

/** Kernel: complete(): lets one waiter go on. Two of them commute. */
export function* complete(pointer: completion | null): Steps<void> {
  const c = checkPointer(pointer, 'done');
  yield makeStep('complete', c, 'done', 'add', RELEASE);
  checkLive(c);
  if (c.done !== UINT_MAX) c.done++;
}

/** Kernel: complete_all(): lets every waiter go on, now and later. */
export function* complete_all(pointer: completion | null): Steps<void> {
  const c = checkPointer(pointer, 'done');
  yield makeStep('complete_all', c, 'done', 'write', RELEASE);
  checkLive(c);
  c.done = UINT_MAX;
}

/** Kernel: reinit_completion(). */
export function* reinit_completion(pointer: completion | null): Steps<void> {
  const c = checkPointer(pointer, 'done');
  yield makeStep('reinit_completion', c, 'done', 'write');
  checkLive(c);
  c.done = 0;
}

/** Kernel: wait_for_completion(). Context: may sleep. `rest` makes it a rest point. */
export function* wait_for_completion(pointer: completion | null, rest?: readonly unknown[]): Steps<void> {
  const c = checkPointer(pointer, 'done');
  might_sleep('wait_for_completion', c);
  const options = rest === undefined ? c.waitOptions : { ...c.waitOptions, rest };
  yield makeStep('wait_for_completion', c, 'done', 'update', options);
  checkLive(c);
  if (c.done !== UINT_MAX) c.done--;
}

/**
 * Kernel: wait_for_completion_timeout(). Context: may sleep.
 * @returns 0 when the time passed first; else what is left of it, at least 1
 */
export function* wait_for_completion_timeout(pointer: completion | null, timeoutJiffies: number): Steps<number> {
  const c = checkPointer(pointer, 'done');
  might_sleep('wait_for_completion_timeout', c);
  const { clock } = currentMachine();
  const timer = own_timer();
  const touch = { object: timer, field: 'awake', access: 'write' } as const;
  yield makeStep('wait_for_completion_timeout', clock, 'armed', 'update', { also: [touch] });
  const expires = clock.jiffies + timeoutJiffies;
  timer.awake = false;
  arm(timer.timer, expires);
  const done = makeStep('wait_for_completion', c, 'done', 'update', {
    ordering: 'acquire',
    enabled: () => c.done > 0 || timer.awake || c.alloc.freedAt !== undefined,
    also: [{ ...touch, access: 'read' }],
  });
  yield done;
  checkLive(c);
  const completed = c.done > 0;
  if (completed && c.done !== UINT_MAX) c.done--;
  done.value = completed;
  yield makeStep('timer_delete_sync', clock, 'armed', 'update', {
    also: [touch, { object: clock, field: 'jiffies', access: 'read' }],
  });
  disarm(timer.timer);
  timer.awake = true;
  return completed ? Math.max(1, expires - clock.jiffies) : 0;
}

/** Kernel: try_wait_for_completion(): never waits. @returns true when it took a completion */
export function* try_wait_for_completion(pointer: completion | null): Steps<boolean> {
  const c = checkPointer(pointer, 'done');
  const step = makeStep('try_wait_for_completion', c, 'done', 'update', RELEASE);
  yield step;
  checkLive(c);
  const taken = c.done > 0;
  if (taken && c.done !== UINT_MAX) c.done--;
  step.value = taken;
  return taken;
}

/** Kernel: completion_done(): would a wait return at once? */
export function* completion_done(pointer: completion | null): Steps<boolean> {
  const c = checkPointer(pointer, 'done');
  const step = makeStep('completion_done', c, 'done', 'read');
  yield step;
  checkLive(c);
  step.value = c.done > 0;
  return c.done > 0;
}
