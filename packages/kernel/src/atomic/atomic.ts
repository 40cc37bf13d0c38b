// SPDX-License-Identifier: GPL-2.0-only
import { checkLive } from '../memory/check.js';
import { KObject } from '../object.js';
import { operation, type Operation, type Primitive } from '../operation.js';
import { FULL, ONCE, type Access, type Steps, type StepTraits } from '../step.js';

/** Kernel: atomic_t. */
export class atomic_t extends KObject {
  counter: number;

  constructor(container?: KObject, initial = 0) {
    super(container);
    this.counter = initial;
  }
}

type Pointer = atomic_t | null;

/** A step of one of them; the number added or set. */
type AtomicStep<R> = Operation<atomic_t, number, R>;

const FIELD = 'counter';

/** Adds; gives the new value. */
const add = (step: AtomicStep<unknown>, v: atomic_t): number => {
  checkLive(v);
  v.counter += step.argument;
  step.value = v.counter;
  return v.counter;
};

/** An increment whose result nobody looks at commutes with another, so its value is no fact. */
const addOnly = (step: AtomicStep<void>, v: atomic_t): void => {
  checkLive(v);
  v.counter += step.argument;
};

const addAndTest = (step: AtomicStep<boolean>, v: atomic_t): boolean => add(step, v) === 0;

const read = (step: AtomicStep<number>, v: atomic_t): number => {
  checkLive(v);
  step.value = v.counter;
  return v.counter;
};

const set = (step: AtomicStep<void>, v: atomic_t): void => {
  checkLive(v);
  v.counter = step.argument;
  step.value = step.argument;
};

const decIfPositive = (step: AtomicStep<number>, v: atomic_t): number => {
  checkLive(v);
  const value = v.counter - 1;
  if (value >= 0) v.counter = value;
  step.value = value;
  return value;
};

const atomicOp = <R>(
  op: string,
  access: Access,
  traits: StepTraits,
  effect: (step: AtomicStep<R>, v: atomic_t) => R,
): Primitive<atomic_t, number, R> => ({ op, access, traits, effect });

const READ = atomicOp('atomic_read', 'read', ONCE, read);
const SET = atomicOp('atomic_set', 'write', ONCE, set);
const INC = atomicOp('atomic_inc', 'add', ONCE, addOnly);
const DEC = atomicOp('atomic_dec', 'add', ONCE, addOnly);
const INC_RETURN = atomicOp('atomic_inc_return', 'update', FULL, add);
const DEC_RETURN = atomicOp('atomic_dec_return', 'update', FULL, add);
const DEC_AND_TEST = atomicOp('atomic_dec_and_test', 'update', FULL, addAndTest);
const DEC_IF_POSITIVE = atomicOp('atomic_dec_if_positive', 'update', FULL, decIfPositive);

/** Kernel: atomic_read(). */
export const atomic_read = (v: Pointer): Steps<number> => operation(READ, v, FIELD, 0);

/** Kernel: atomic_set(). */
export const atomic_set = (v: Pointer, to: number): Steps<void> => operation(SET, v, FIELD, to);

/** Kernel: atomic_inc(). Unordered. */
export const atomic_inc = (v: Pointer): Steps<void> => operation(INC, v, FIELD, 1);

/** Kernel: atomic_dec(). Unordered. */
export const atomic_dec = (v: Pointer): Steps<void> => operation(DEC, v, FIELD, -1);

/** Kernel: atomic_inc_return(). Fully ordered. */
export const atomic_inc_return = (v: Pointer): Steps<number> => operation(INC_RETURN, v, FIELD, 1);

/** Kernel: atomic_dec_return(). Fully ordered. */
export const atomic_dec_return = (v: Pointer): Steps<number> => operation(DEC_RETURN, v, FIELD, -1);

/** Kernel: atomic_dec_and_test(). Fully ordered. */
export const atomic_dec_and_test = (v: Pointer): Steps<boolean> => operation(DEC_AND_TEST, v, FIELD, -1);

/** Kernel: atomic_dec_if_positive(). @returns the old value minus one, also when nothing was done */
export const atomic_dec_if_positive = (v: Pointer): Steps<number> => operation(DEC_IF_POSITIVE, v, FIELD, -1);
