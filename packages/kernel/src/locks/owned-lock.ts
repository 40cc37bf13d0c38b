// SPDX-License-Identifier: GPL-2.0-only
import { current } from '../current.js';
import { makeStep } from '../kfn.js';
import { checkLive } from '../memory/check.js';
import { KObject } from '../object.js';
import type { StepOptions, Steps } from '../step.js';
import type { Task } from '../task.js';
import { checkOrder, guardLock, hold, letGo } from './held.js';

/** A lock that one task at a time owns. No fairness: any waiter may be next. */
export abstract class owned_lock extends KObject {
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

export const RELEASE: StepOptions = { ordering: 'release' };

/** Waits for the lock and books it. Taking it twice is reported, then waits for ever. */
export function* acquire(op: string, lock: owned_lock): Steps<void> {
  checkOrder(lock);
  yield makeStep(op, lock, 'owner', 'update', lock.lockOptions);
  checkLive(lock);
  lock.owner = current();
  hold(lock.owner, lock);
}

/** By another task than the owner it is reported and does nothing. @returns false then */
export function* release(op: string, lock: owned_lock): Steps<boolean> {
  yield makeStep(op, lock, 'owner', 'update', RELEASE);
  checkLive(lock);
  const owned = letGo(current(), lock);
  if (owned) lock.owner = null;
  return owned;
}
