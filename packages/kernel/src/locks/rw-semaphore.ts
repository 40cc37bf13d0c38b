// SPDX-License-Identifier: GPL-2.0-only
import { current } from '../current.js';
import { makeStep } from '../kfn.js';
import { checkLive } from '../memory/check.js';
import { KObject } from '../object.js';
import { might_sleep } from '../sched/might-sleep.js';
import type { StepOptions, Steps } from '../step.js';
import type { Task } from '../task.js';
import { checkOrder, guardLock, hold, letGo } from './held.js';

/**
 * Kernel: struct rw_semaphore. A waiting writer does not hold back new readers: every
 * order the kernel can show is allowed, and a few more.
 */
export class rw_semaphore extends KObject {
  writer: Task | null = null;
  readonly readers = new Set<Task>();
  readonly #readOptions: StepOptions = {
    ordering: 'acquire',
    enabled: () => this.writer === null || this.alloc.freedAt !== undefined,
  };
  readonly #writeOptions: StepOptions = {
    ordering: 'acquire',
    enabled: () => (this.writer === null && this.readers.size === 0) || this.alloc.freedAt !== undefined,
  };

  constructor(container?: KObject) {
    super(container);
    guardLock(this, () => this.writer !== null || this.readers.size > 0);
  }

  get readOptions(): StepOptions {
    return this.#readOptions;
  }

  get writeOptions(): StepOptions {
    return this.#writeOptions;
  }
}

const RELEASE: StepOptions = { ordering: 'release' };

/** Kernel: down_read(). Context: may sleep. Readers commute with each other. */
export function* down_read(sem: rw_semaphore): Steps<void> {
  might_sleep('down_read', sem);
  checkOrder(sem);
  yield makeStep('down_read', sem, 'count', 'read', sem.readOptions);
  checkLive(sem);
  sem.readers.add(current());
  hold(current(), sem);
}

/** Kernel: up_read(). */
export function* up_read(sem: rw_semaphore): Steps<void> {
  yield makeStep('up_read', sem, 'count', 'read', RELEASE);
  checkLive(sem);
  if (letGo(current(), sem)) sem.readers.delete(current());
}

/** Kernel: down_write(). Context: may sleep. */
export function* down_write(sem: rw_semaphore): Steps<void> {
  might_sleep('down_write', sem);
  checkOrder(sem);
  yield makeStep('down_write', sem, 'count', 'write', sem.writeOptions);
  checkLive(sem);
  sem.writer = current();
  hold(current(), sem);
}

/** Kernel: up_write(). */
export function* up_write(sem: rw_semaphore): Steps<void> {
  yield makeStep('up_write', sem, 'count', 'write', RELEASE);
  checkLive(sem);
  if (letGo(current(), sem)) sem.writer = null;
}
