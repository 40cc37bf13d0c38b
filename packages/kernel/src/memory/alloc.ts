// SPDX-License-Identifier: GPL-2.0-only
import { currentMachine } from '../current.js';
import { makeStep } from '../kfn.js';
import type { KObject } from '../object.js';
import { WHOLE, type Steps } from '../step.js';
import { functionName, lifeOf } from './check.js';

export interface AllocOptions {
  /** The environment may choose that there is no memory: one branching step. */
  readonly mayFail?: boolean;
}

/**
 * Allocates by running the constructor. Only an allocation that may fail is a step: fresh
 * memory is nobody else's business.
 * Kernel: kzalloc(). Context: may sleep.
 * @returns null only with `mayFail`
 */
export function kzalloc<T extends KObject>(make: () => T): Steps<T>;
export function kzalloc<T extends KObject>(make: () => T, options: AllocOptions): Steps<T | null>;
export function* kzalloc<T extends KObject>(make: () => T, options: AllocOptions = {}): Steps<T | null> {
  if (options.mayFail === true) {
    const step = makeStep('kzalloc', currentMachine().clock, 'memory', 'read', { branches: 2 });
    yield step;
    if (step.branch === 1) return null;
  }
  return make();
}

/**
 * Frees the object's memory with everything embedded in it. NULL is allowed. A second
 * free, a free of an embedded object, and a free with an active work, timer or lock
 * inside are reports.
 * Kernel: kfree(). Context: any.
 */
export function* kfree(object: KObject | null | undefined): Steps<void> {
  if (object === null || object === undefined) return;
  yield makeStep('kfree', object, WHOLE, 'write');
  const machine = currentMachine();
  const { alloc } = object;
  if (alloc.freedAt !== undefined) {
    machine.oops('use-after-free', `KASAN: double-free in ${functionName()}`, object, lifeOf(object));
  }
  if (object.container !== undefined) {
    machine.oops('use-after-free', `KASAN: invalid-free in ${functionName()}`, object, lifeOf(object));
  }
  for (const guard of alloc.guards ?? []) {
    const active = guard.activeAtFree();
    if (active !== undefined) machine.report('use-after-free', active, object, lifeOf(object));
  }
  alloc.freedAt = machine.here();
}
