// SPDX-License-Identifier: GPL-2.0-only
import { current } from '../current.js';
import { makeStep } from '../kfn.js';
import { checkLive, checkPointer } from '../memory/check.js';
import { might_sleep } from '../sched/might-sleep.js';
import type { Steps } from '../step.js';
import { hold } from './held.js';
import { acquire, owned_lock, release, RELEASE } from './owned-lock.js';

/** Kernel: struct mutex. */
export class mutex extends owned_lock {}

/** Kernel: mutex_lock(). Context: may sleep. Taking it twice is reported, then waits for ever. */
export function* mutex_lock(pointer: mutex | null): Steps<void> {
  const lock = checkPointer(pointer, 'owner');
  might_sleep('mutex_lock', lock);
  yield* acquire('mutex_lock', lock);
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
  yield* release('mutex_unlock', checkPointer(pointer, 'owner'));
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
