// SPDX-License-Identifier: GPL-2.0-only
import { currentMachine } from '../current.js';
import { makeStep } from '../kfn.js';
import { checkLive, checkPointer, lifeOf } from '../memory/check.js';
import { KObject } from '../object.js';
import { StepTraits, type StepOptions, type Steps } from '../step.js';

/** Value of a counter that gave up counting; it stays near it for ever. */
export const REFCOUNT_SATURATED = -0x40000000;
const REFCOUNT_MAX = 0x7fffffff;

/** Kernel: refcount_t. */
export class refcount_t extends KObject {
  refs: number;
  // Closures for each counter, not for each step; private fields are no state of the kernel.
  readonly #get = new StepTraits({
    ordering: 'once',
    amounts: () => (this.refs > 0 && this.refs < REFCOUNT_MAX ? 'add' : 'update'),
    tells: () => this.refs !== 0,
  });
  readonly #put = new StepTraits({
    ordering: 'release',
    amounts: () => (this.refs > 1 ? 'drop' : 'update'),
    tells: () => this.refs === 1,
  });

  constructor(container?: KObject, initial = 0) {
    super(container);
    this.refs = initial;
  }

  /** Of a step that takes a reference: where there are some, whose comes first makes no difference. */
  get getTraits(): StepTraits {
    return this.#get;
  }

  /** Of a step that drops a reference: of those that are not the last, none is told which it was. */
  get putTraits(): StepTraits {
    return this.#put;
  }
}

const ONCE: StepOptions = { ordering: 'once' };

/** Kernel: refcount_warn_saturate(), lib/refcount.c. */
const saturate = (r: refcount_t, message: string): void => {
  r.refs = REFCOUNT_SATURATED;
  currentMachine().report('refcount', message, r, lifeOf(r));
};

const overflows = (old: number): boolean => old < 0 || old + 1 > REFCOUNT_MAX;

/** Kernel: refcount_set(). */
export function* refcount_set(pointer: refcount_t | null, n: number): Steps<void> {
  const r = checkPointer(pointer, 'refs');
  const step = makeStep('refcount_set', r, 'refs', 'write', ONCE);
  yield step;
  checkLive(r);
  r.refs = n;
  step.value = n;
}

/** Kernel: refcount_read(). */
export function* refcount_read(pointer: refcount_t | null): Steps<number> {
  const r = checkPointer(pointer, 'refs');
  const step = makeStep('refcount_read', r, 'refs', 'read', ONCE);
  yield step;
  checkLive(r);
  step.value = r.refs;
  return r.refs;
}

/** Kernel: refcount_inc(). Reports an increment from zero and saturation. */
export function* refcount_inc(pointer: refcount_t | null): Steps<void> {
  const r = checkPointer(pointer, 'refs');
  const step = makeStep('refcount_inc', r, 'refs', 'update', r.getTraits);
  yield step;
  checkLive(r);
  const old = r.refs++;
  if (old === 0) saturate(r, 'refcount_t: addition on 0; use-after-free.');
  else if (overflows(old)) saturate(r, 'refcount_t: saturated; leaking memory.');
}

/** Kernel: refcount_inc_not_zero(). @returns false when the counter was zero */
export function* refcount_inc_not_zero(pointer: refcount_t | null): Steps<boolean> {
  const r = checkPointer(pointer, 'refs');
  const step = makeStep('refcount_inc_not_zero', r, 'refs', 'update', r.getTraits);
  yield step;
  checkLive(r);
  const old = r.refs;
  if (old !== 0) {
    r.refs++;
    if (overflows(old)) saturate(r, 'refcount_t: saturated; leaking memory.');
  }
  step.value = old !== 0;
  return old !== 0;
}

/** Kernel: refcount_dec_and_test(). Reports an underflow. @returns true for the last reference */
export function* refcount_dec_and_test(pointer: refcount_t | null): Steps<boolean> {
  const r = checkPointer(pointer, 'refs');
  const step = makeStep('refcount_dec_and_test', r, 'refs', 'update', r.putTraits);
  yield step;
  checkLive(r);
  const old = r.refs--;
  if (old <= 0) saturate(r, 'refcount_t: underflow; use-after-free.');
  step.value = old === 1;
  return old === 1;
}

/** Kernel: refcount_dec(). Reports when it hits zero: nobody would free. */
export function* refcount_dec(pointer: refcount_t | null): Steps<void> {
  const r = checkPointer(pointer, 'refs');
  const step = makeStep('refcount_dec', r, 'refs', 'update', r.putTraits);
  yield step;
  checkLive(r);
  const old = r.refs--;
  if (old <= 1) saturate(r, 'refcount_t: decrement hit 0; leaking memory.');
}
