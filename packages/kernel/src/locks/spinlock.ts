// SPDX-License-Identifier: GPL-2.0-only
import { current } from '../current.js';
import { makeStep } from '../kfn.js';
import { checkLive } from '../memory/check.js';
import { KObject } from '../object.js';
import type { StepOptions, Steps } from '../step.js';
import type { Task } from '../task.js';
import { checkOrder, guardLock, hold, letGo } from './held.js';

/** Kernel: spinlock_t. While one is held the task must not sleep. */
export class spinlock_t extends KObject {
  owner: Task | null = null;
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

function* lock(op: string, l: spinlock_t): Steps<void> {
  checkOrder(l);
  yield makeStep(op, l, 'owner', 'update', l.lockOptions);
  checkLive(l);
  const task = current();
  l.owner = task;
  task.atomicDepth++;
  hold(task, l);
}

function* unlock(op: string, l: spinlock_t): Steps<void> {
  yield makeStep(op, l, 'owner', 'update', RELEASE);
  checkLive(l);
  const task = current();
  if (!letGo(task, l)) return;
  task.atomicDepth--;
  l.owner = null;
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
