// SPDX-License-Identifier: GPL-2.0-only
import { checkLive } from '../memory/check.js';
import { operation, type Primitive } from '../operation.js';
import { might_sleep } from '../sched/might-sleep.js';
import { PLAIN, type Steps } from '../step.js';
import { acquireOp, lockStep, owned_lock, releaseOp, tryOp, type LockKind } from './owned-lock.js';

/** Kernel: struct mutex. */
export class mutex extends owned_lock {}

const SLEEPING: LockKind = { asks: might_sleep, atomic: 0 };

const LOCK = acquireOp('mutex_lock', SLEEPING);
const TRYLOCK = tryOp('mutex_trylock', SLEEPING);
const UNLOCK = releaseOp('mutex_unlock', SLEEPING);

const IS_LOCKED: Primitive<mutex, undefined, boolean> = {
  op: 'mutex_is_locked',
  access: 'read',
  traits: PLAIN,
  effect: (step, lock) => {
    checkLive(lock);
    const locked = lock.owner !== null;
    step.value = locked;
    return locked;
  },
};

/** Kernel: mutex_lock(). Context: may sleep. Taking it twice is reported, then waits for ever. */
export const mutex_lock = (lock: mutex | null): Steps<void> => lockStep(LOCK, lock);

/** Kernel: mutex_trylock(). @returns true when the lock was free */
export const mutex_trylock = (lock: mutex | null): Steps<boolean> => lockStep(TRYLOCK, lock);

/** Kernel: mutex_unlock(). By another task than the owner it is reported and does nothing. */
export const mutex_unlock = (lock: mutex | null): Steps<void> => lockStep(UNLOCK, lock);

/** Kernel: mutex_is_locked(). */
export const mutex_is_locked = (lock: mutex | null): Steps<boolean> => operation(IS_LOCKED, lock, 'owner', undefined);
