// SPDX-License-Identifier: GPL-2.0-only
import { current } from '../current.js';
import { makeStep } from '../kfn.js';
import { checkLive, checkPointer } from '../memory/check.js';
import { KObject } from '../object.js';
import { might_sleep } from '../sched/might-sleep.js';
import type { StepOptions, Steps } from '../step.js';
import type { Task } from '../task.js';
import { checkOrder, guardLock, hold, letGo } from './held.js';

/** Kernel: struct mutex. No fairness: any waiter may be next. */
export class mutex extends KObject {
  owner: Task | null = null;
  // One closure for each lock, not for each step; private fields are no state of the kernel.
  readonly #lockOptions: StepOptions = {
    ordering: 'acquire',
    enabled: () => this.owner === null || this.alloc.freedAt !== undefined,
  };

  constructor(container?: KObject) {
    super(container);
    guardLock(this, () => this.owner !== null);
  }

  get lockOptions(): StepOptions {
    return this.#lockOptions;
  }
}

const RELEASE: StepOptions = { ordering: 'release' };

/** Kernel: mutex_lock(). Context: may sleep. Taking it twice is reported, then waits for ever. */
export function* mutex_lock(pointer: mutex | null): Steps<void> {
  const lock = checkPointer(pointer, 'owner');
  might_sleep('mutex_lock', lock);
  checkOrder(lock);
  yield makeStep('mutex_lock', lock, 'owner', 'update', lock.lockOptions);
  checkLive(lock);
  lock.owner = current();
  hold(lock.owner, lock);
}

/** Kernel: mutex_trylock(). @returns true when the lock was free */
export function* mutex_trylock(pointer: mutex | null): Steps<boolean> {
  const lock = checkPointer(pointer, 'owner');
  const step = makeStep('mutex_trylock', lock, 'owner', 'update', RELEASE);
  yield step;
  checkLive(lock);
  const free = lock.owner === null;
  if (free) {
    lock.owner = current();
    hold(lock.owner, lock);
  }
  step.value = free;
  return free;
}

/** Kernel: mutex_unlock(). By another task than the owner it is reported and does nothing. */
export function* mutex_unlock(pointer: mutex | null): Steps<void> {
  const lock = checkPointer(pointer, 'owner');
  yield makeStep('mutex_unlock', lock, 'owner', 'update', RELEASE);
  checkLive(lock);
  if (letGo(current(), lock)) lock.owner = null;
}

/** Kernel: mutex_is_locked(). */
export function* mutex_is_locked(pointer: mutex | null): Steps<boolean> {
  const lock = checkPointer(pointer, 'owner');
  const step = makeStep('mutex_is_locked', lock, 'owner', 'read');
  yield step;
  checkLive(lock);
  step.value = lock.owner !== null;
  return lock.owner !== null;
}
