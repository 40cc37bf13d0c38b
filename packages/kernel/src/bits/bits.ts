// SPDX-License-Identifier: GPL-2.0-only
import { checkField } from '../memory/access.js';
import { checkLive } from '../memory/check.js';
import type { KObject } from '../object.js';
import { operation, type Operation, type Primitive } from '../operation.js';
import { elementOf, FULL, ONCE, type Access, type Steps, type StepTraits } from '../step.js';

/** An object with a word of flag bits (0 to 30) under the name `K`. */
export type WithWord<K extends string> = KObject & Record<K, number>;

type Pointer<K extends string> = WithWord<K> | null | undefined;

/*
 * Each operation touches its bit alone: operations on other bits of the word commute with it,
 * accesses to the whole word do not.
 */

/** Which bit of which word. */
interface Bit {
  readonly nr: number;
  readonly field: string;
}

type BitStep = Operation<KObject, Bit, unknown>;
type BitPrimitive<R> = Primitive<KObject, Bit, R>;

/** The word as a record of its one field; each signature below says that it is a number. */
const wordOf = (object: KObject, { field }: Bit): number => {
  const word = (object as WithWord<string>)[field];
  if (word === undefined) checkField(object, field);
  // One conversion: garbage is reported once for an access.
  return (word ?? 0) | 0;
};

const test = (step: BitStep, object: KObject): boolean => {
  checkLive(object);
  const set = (wordOf(object, step.argument) & (1 << step.argument.nr)) !== 0;
  step.value = set;
  return set;
};

/** @returns the old value of the bit */
const change = (step: BitStep, object: KObject, to: boolean): boolean => {
  checkLive(object);
  const { nr, field } = step.argument;
  const old = wordOf(object, step.argument);
  const mask = 1 << nr;
  // As in wordOf().
  (object as WithWord<string>)[field] = to ? old | mask : old & ~mask;
  const was = (old & mask) !== 0;
  step.value = was;
  return was;
};

const set = (step: BitStep, object: KObject): boolean => change(step, object, true);
const clear = (step: BitStep, object: KObject): boolean => change(step, object, false);

/** Without the old value, which the kernel's function does not give. */
const setOnly = (step: BitStep, object: KObject): void => {
  change(step, object, true);
  step.value = true;
};
const clearOnly = (step: BitStep, object: KObject): void => {
  change(step, object, false);
  step.value = false;
};

const bitOp = <R>(
  op: string,
  access: Access,
  traits: StepTraits,
  effect: (step: BitStep, object: KObject) => R,
): BitPrimitive<R> => ({ op, access, traits, effect });

const TEST_BIT = bitOp('test_bit', 'read', ONCE, test);
const SET_BIT = { ...bitOp('set_bit', 'write', ONCE, setOnly), sets: () => true };
const CLEAR_BIT = { ...bitOp('clear_bit', 'write', ONCE, clearOnly), sets: () => false };
const TEST_AND_SET_BIT = bitOp('test_and_set_bit', 'update', FULL, set);
const TEST_AND_CLEAR_BIT = bitOp('test_and_clear_bit', 'update', FULL, clear);

const on = <R>(primitive: BitPrimitive<R>, nr: number, o: KObject | null | undefined, field: string): Steps<R> =>
  operation(primitive, o, elementOf(field, nr), { nr, field });

/** Kernel: test_bit(). Unordered. */
export const test_bit = <K extends string>(nr: number, o: Pointer<K>, field: K): Steps<boolean> =>
  on(TEST_BIT, nr, o, field);

/** Kernel: set_bit(). Atomic, unordered. */
export const set_bit = <K extends string>(nr: number, o: Pointer<K>, field: K): Steps<void> =>
  on(SET_BIT, nr, o, field);

/** Kernel: clear_bit(). Atomic, unordered. */
export const clear_bit = <K extends string>(nr: number, o: Pointer<K>, field: K): Steps<void> =>
  on(CLEAR_BIT, nr, o, field);

/** Kernel: test_and_set_bit(). Fully ordered. @returns the old value of the bit */
export const test_and_set_bit = <K extends string>(nr: number, o: Pointer<K>, field: K): Steps<boolean> =>
  on(TEST_AND_SET_BIT, nr, o, field);

/** Kernel: test_and_clear_bit(). Fully ordered. @returns the old value of the bit */
export const test_and_clear_bit = <K extends string>(nr: number, o: Pointer<K>, field: K): Steps<boolean> =>
  on(TEST_AND_CLEAR_BIT, nr, o, field);
