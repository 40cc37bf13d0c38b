// SPDX-License-Identifier: GPL-2.0-only
import { currentMachine } from '../current.js';
import { plainWhere } from '../frame.js';
import { makeStep } from '../kfn.js';
import type { KObject } from '../object.js';
import { nothing, siteOf, type Steps, StepTraits, WHOLE } from '../step.js';
import { functionName, lifeOf } from './check.js';
import { refused, type Fallible } from './failable.js';
import { kmemleak_alloc, kmemleak_free } from './heap.js';
import { poison } from './uninitialised.js';

export interface AllocOptions extends Fallible {
  /** What a machine's `failable` names it by; the function that calls is known anyway. */
  readonly kind?: string;
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
  if (yield* refused('kzalloc', options.kind ?? '', options)) return null;
  return kmemleak_alloc(make());
}

export interface KmallocOptions<T> extends AllocOptions {
  /** Fields that the constructor sets because the caller does right after the allocation. */
  readonly set?: readonly (keyof T & string)[];
}

/**
 * As kzalloc(), but numbers, flags and pointers of the structure hold garbage until something is
 * stored in them. Embedded structures are as their constructors leave them (INIT_LIST_HEAD() …).
 * Kernel: kmalloc(). Context: may sleep.
 * @returns null only with `mayFail`
 */
export function kmalloc<T extends KObject>(
  make: () => T,
  options?: KmallocOptions<T> & { readonly mayFail?: false },
): Steps<T>;
export function kmalloc<T extends KObject>(make: () => T, options: KmallocOptions<T>): Steps<T | null>;
export function* kmalloc<T extends KObject>(make: () => T, options: KmallocOptions<T> = {}): Steps<T | null> {
  if (yield* refused('kmalloc', options.kind ?? '', options)) return null;
  const object = make();
  poison(object, options.set ?? []);
  return kmemleak_alloc(object);
}

const FREE = new StepTraits({ tells: nothing });

/**
 * Frees the object's memory with everything embedded in it. NULL is allowed. A second
 * free, a free of an embedded object, and a free with an active work, timer or lock
 * inside are reports.
 * Kernel: kfree(). Context: any.
 */
export function* kfree(object: KObject | null | undefined): Steps<void> {
  if (object === null || object === undefined) return;
  const step = makeStep('kfree', object, WHOLE, 'write', FREE);
  yield step;
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
  kmemleak_free(object);
  alloc.freedAt = { ...plainWhere(machine.here()), site: siteOf(step) };
}
