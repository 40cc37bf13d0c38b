// SPDX-License-Identifier: GPL-2.0-only
import { makeStep } from '../kfn.js';
import { checkLive, checkPointer } from '../memory/check.js';
import type { KObject } from '../object.js';
import { elementOf, type StepOptions, type Steps } from '../step.js';

/** An object with a word of flag bits (0 to 30) under the name `K`. */
export type WithWord<K extends string> = KObject & Record<K, number>;

type Pointer<K extends string> = WithWord<K> | null | undefined;

/*
 * Each operation touches its bit alone: operations on other bits of the word commute with it,
 * accesses to the whole word do not.
 */

const ONCE: StepOptions = { ordering: 'once' };
const FULL: StepOptions = { ordering: 'full' };

/** Kernel: test_bit(). Unordered. */
export function* test_bit<K extends string>(nr: number, o: Pointer<K>, field: K): Steps<boolean> {
  const word: WithWord<K> = checkPointer(o, field);
  const step = makeStep('test_bit', word, elementOf(field, nr), 'read', ONCE);
  yield step;
  checkLive(word);
  const set = (word[field] & (1 << nr)) !== 0;
  step.value = set;
  return set;
}

function* change<K extends string>(
  op: string,
  nr: number,
  o: Pointer<K>,
  field: K,
  to: boolean,
  options: StepOptions,
): Steps<boolean> {
  const object: WithWord<K> = checkPointer(o, field);
  const step = makeStep(op, object, elementOf(field, nr), 'update', options);
  yield step;
  checkLive(object);
  const word: Record<K, number> = object;
  const mask = 1 << nr;
  const old = word[field];
  word[field] = to ? old | mask : old & ~mask;
  const was = (old & mask) !== 0;
  step.value = was;
  return was;
}

/** Kernel: set_bit(). Atomic, unordered. */
export function* set_bit<K extends string>(nr: number, o: Pointer<K>, field: K): Steps<void> {
  yield* change('set_bit', nr, o, field, true, ONCE);
}

/** Kernel: clear_bit(). Atomic, unordered. */
export function* clear_bit<K extends string>(nr: number, o: Pointer<K>, field: K): Steps<void> {
  yield* change('clear_bit', nr, o, field, false, ONCE);
}

/** Kernel: test_and_set_bit(). Fully ordered. @returns the old value of the bit */
export const test_and_set_bit = <K extends string>(nr: number, o: Pointer<K>, field: K): Steps<boolean> =>
  change('test_and_set_bit', nr, o, field, true, FULL);

/** Kernel: test_and_clear_bit(). Fully ordered. @returns the old value of the bit */
export const test_and_clear_bit = <K extends string>(nr: number, o: Pointer<K>, field: K): Steps<boolean> =>
  change('test_and_clear_bit', nr, o, field, false, FULL);
