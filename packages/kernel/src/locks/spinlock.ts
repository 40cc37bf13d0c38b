// SPDX-License-Identifier: GPL-2.0-only
import type { Steps } from '../step.js';
import { acquireOp, lockStep, owned_lock, releaseOp, tryOp, type LockKind } from './owned-lock.js';

/** Kernel: spinlock_t. While one is held the task must not sleep. */
export class spinlock_t extends owned_lock {}

const SPINNING: LockKind = { atomic: 1 };

const LOCK = acquireOp('spin_lock', SPINNING);
const UNLOCK = releaseOp('spin_unlock', SPINNING);
const LOCK_IRQ = acquireOp('spin_lock_irq', SPINNING);
const UNLOCK_IRQ = releaseOp('spin_unlock_irq', SPINNING);
const LOCK_IRQSAVE = acquireOp('spin_lock_irqsave', SPINNING);
const TRYLOCK_IRQSAVE = tryOp('spin_trylock_irqsave', SPINNING);
const UNLOCK_IRQRESTORE = releaseOp('spin_unlock_irqrestore', SPINNING);

/** Kernel: spin_lock(). */
export const spin_lock = (l: spinlock_t): Steps<void> => lockStep(LOCK, l);
/** Kernel: spin_unlock(). */
export const spin_unlock = (l: spinlock_t): Steps<void> => lockStep(UNLOCK, l);
/** Kernel: spin_lock_irq(). */
export const spin_lock_irq = (l: spinlock_t): Steps<void> => lockStep(LOCK_IRQ, l);
/** Kernel: spin_unlock_irq(). */
export const spin_unlock_irq = (l: spinlock_t): Steps<void> => lockStep(UNLOCK_IRQ, l);
/** Kernel: spin_lock_irqsave(). The flags are the task's own business and not modelled. */
export const spin_lock_irqsave = (l: spinlock_t): Steps<void> => lockStep(LOCK_IRQSAVE, l);
/** Kernel: spin_trylock_irqsave(). Any context. @returns true when the lock was free, and is held now */
export const spin_trylock_irqsave = (l: spinlock_t): Steps<boolean> => lockStep(TRYLOCK_IRQSAVE, l);
/** Kernel: spin_unlock_irqrestore(). */
export const spin_unlock_irqrestore = (l: spinlock_t): Steps<void> => lockStep(UNLOCK_IRQRESTORE, l);
