// SPDX-License-Identifier: GPL-2.0-only
import { current } from '../current.js';
import type { Steps } from '../step.js';
import { acquire, owned_lock, release } from './owned-lock.js';

/** Kernel: spinlock_t. While one is held the task must not sleep. */
export class spinlock_t extends owned_lock {}

function* lock(op: string, l: spinlock_t): Steps<void> {
  yield* acquire(op, l);
  current().atomicDepth++;
}

function* unlock(op: string, l: spinlock_t): Steps<void> {
  if (yield* release(op, l)) current().atomicDepth--;
}

/** Kernel: spin_lock(). */
export const spin_lock = (l: spinlock_t): Steps<void> => lock('spin_lock', l);
/** Kernel: spin_unlock(). */
export const spin_unlock = (l: spinlock_t): Steps<void> => unlock('spin_unlock', l);
/** Kernel: spin_lock_irq(). */
export const spin_lock_irq = (l: spinlock_t): Steps<void> => lock('spin_lock_irq', l);
/** Kernel: spin_unlock_irq(). */
export const spin_unlock_irq = (l: spinlock_t): Steps<void> => unlock('spin_unlock_irq', l);
/** Kernel: spin_lock_irqsave(). The flags are the task's own business and not modelled. */
export const spin_lock_irqsave = (l: spinlock_t): Steps<void> => lock('spin_lock_irqsave', l);
/** Kernel: spin_unlock_irqrestore(). */
export const spin_unlock_irqrestore = (l: spinlock_t): Steps<void> => unlock('spin_unlock_irqrestore', l);
