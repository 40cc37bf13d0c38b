// SPDX-License-Identifier: GPL-2.0-only
import { current } from '../current.js';
import { checkLive } from '../memory/check.js';
import { KObject } from '../object.js';
import { operation, type Primitive } from '../operation.js';
import { RELEASE, StepTraits, type Steps } from '../step.js';
import type { Task } from '../task.js';
import { checkOrder, guardLock, hold, letGo } from './held.js';

/** A lock that one task at a time owns. No fairness: any waiter may be next. */
export abstract class owned_lock extends KObject {
  owner: Task | null = null;
  // One closure for each lock, not for each step; private fields are no state of the kernel.
  readonly #lockTraits = new StepTraits({
    ordering: 'acquire',
    enabled: () => this.owner === null || this.alloc.freedAt !== undefined,
  });

  constructor(container?: KObject) {
    super(container);
    guardLock(this, () => this.owner !== null);
  }

  get lockTraits(): StepTraits {
    return this.#lockTraits;
  }
}

/** How a kind of lock is taken and let go. */
export interface LockKind {
  /** The task's private work before it asks: whether it may sleep. */
  readonly asks?: (op: string, lock: owned_lock) => void;
  /** +1: the holder must not sleep. */
  readonly atomic: 0 | 1;
}

/** Books the lock as the running task's. */
export const take = (lock: owned_lock, kind: LockKind): void => {
  const task = current();
  lock.owner = task;
  hold(task, lock);
  task.atomicDepth += kind.atomic;
};

type LockOperation<R> = Primitive<owned_lock, undefined, R>;

/** Waits for the lock and books it. Taking it twice is reported, then waits for ever. */
export const acquireOp = (op: string, kind: LockKind): LockOperation<void> => ({
  op,
  access: 'take',
  traits: RELEASE,
  before: (step, lock) => {
    kind.asks?.(op, lock);
    checkOrder(lock);
    step.traits = lock.lockTraits;
  },
  effect: (_step, lock) => {
    checkLive(lock);
    take(lock, kind);
  },
});

/** Takes the lock when it is free. */
export const tryOp = (op: string, kind: LockKind): LockOperation<boolean> => ({
  op,
  access: 'update',
  traits: RELEASE,
  effect: (step, lock) => {
    checkLive(lock);
    const free = lock.owner === null;
    if (free) take(lock, kind);
    step.value = free;
    return free;
  },
});

/** Of a release by another task than the owner: the owner is not about to leave. */
const NOT_OWNED = new StepTraits({ ordering: 'release', amounts: () => 'update' });

/** By another task than the owner it is reported and does nothing. */
export const releaseOp = (op: string, kind: LockKind): LockOperation<void> => ({
  op,
  access: 'leave',
  traits: RELEASE,
  before: (step, lock) => {
    if (lock.owner !== current()) step.traits = NOT_OWNED;
  },
  effect: (_step, lock) => {
    checkLive(lock);
    const task = current();
    if (!letGo(task, lock)) return;
    lock.owner = null;
    task.atomicDepth -= kind.atomic;
  },
});

/** One use of one of them. */
export const lockStep = <R>(primitive: LockOperation<R>, lock: owned_lock | null): Steps<R> =>
  operation(primitive, lock, 'owner', undefined);
