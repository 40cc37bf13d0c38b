// SPDX-License-Identifier: GPL-2.0-only
import { makeStep } from '../kfn.js';
import { checkLive, checkPointer } from '../memory/check.js';
import { KObject } from '../object.js';
import type { Access, StepOptions, Steps } from '../step.js';

/** Kernel: atomic_t. */
export class atomic_t extends KObject {
  counter: number;

  constructor(container?: KObject, initial = 0) {
    super(container);
    this.counter = initial;
  }
}

type Pointer = atomic_t | null;

const ONCE: StepOptions = { ordering: 'once' };
const FULL: StepOptions = { ordering: 'full' };

/** Adds; gives the new value. */
function* add(op: string, pointer: Pointer, by: number, access: Access, options: StepOptions): Steps<number> {
  const v = checkPointer(pointer, 'counter');
  const step = makeStep(op, v, 'counter', access, options);
  yield step;
  checkLive(v);
  v.counter += by;
  // An increment whose result nobody looks at commutes with another, so its value is no fact.
  if (access !== 'add') step.value = v.counter;
  return v.counter;
}

/** Kernel: atomic_read(). */
export function* atomic_read(pointer: Pointer): Steps<number> {
  const v = checkPointer(pointer, 'counter');
  const step = makeStep('atomic_read', v, 'counter', 'read', ONCE);
  yield step;
  checkLive(v);
  step.value = v.counter;
  return v.counter;
}

/** Kernel: atomic_set(). */
export function* atomic_set(pointer: Pointer, to: number): Steps<void> {
  const v = checkPointer(pointer, 'counter');
  const step = makeStep('atomic_set', v, 'counter', 'write', ONCE);
  yield step;
  checkLive(v);
  v.counter = to;
  step.value = to;
}

/** Kernel: atomic_inc(). Unordered. */
export function* atomic_inc(v: Pointer): Steps<void> {
  yield* add('atomic_inc', v, 1, 'add', ONCE);
}

/** Kernel: atomic_dec(). Unordered. */
export function* atomic_dec(v: Pointer): Steps<void> {
  yield* add('atomic_dec', v, -1, 'add', ONCE);
}

/** Kernel: atomic_inc_return(). Fully ordered. */
export const atomic_inc_return = (v: Pointer): Steps<number> => add('atomic_inc_return', v, 1, 'update', FULL);

/** Kernel: atomic_dec_return(). Fully ordered. */
export const atomic_dec_return = (v: Pointer): Steps<number> => add('atomic_dec_return', v, -1, 'update', FULL);

/** Kernel: atomic_dec_and_test(). Fully ordered. */
export function* atomic_dec_and_test(v: Pointer): Steps<boolean> {
  return (yield* add('atomic_dec_and_test', v, -1, 'update', FULL)) === 0;
}

/** Kernel: atomic_dec_if_positive(). @returns the old value minus one, also when nothing was done */
export function* atomic_dec_if_positive(pointer: Pointer): Steps<number> {
  const v = checkPointer(pointer, 'counter');
  const step = makeStep('atomic_dec_if_positive', v, 'counter', 'update', FULL);
  yield step;
  checkLive(v);
  const value = v.counter - 1;
  if (value >= 0) v.counter = value;
  step.value = value;
  return value;
}
