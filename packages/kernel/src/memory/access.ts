// SPDX-License-Identifier: GPL-2.0-only
import { currentMachine } from '../current.js';
import { makeStep } from '../kfn.js';
import type { KObject } from '../object.js';
import { elementOf, type Access, type StepOptions, type Steps } from '../step.js';
import { checkLive, checkPointer, functionName } from './check.js';

/** Element type of a field that holds an array. */
export type ElementOf<A> = A extends readonly (infer E)[] ? E : never;

const PLAIN: StepOptions = {};
const ONCE: StepOptions = { ordering: 'once' };
const ACQUIRE: StepOptions = { ordering: 'acquire' };
const RELEASE: StepOptions = { ordering: 'release' };

function* read<T extends KObject, K extends keyof T & string>(
  op: string,
  pointer: T | null | undefined,
  field: K,
  options: StepOptions,
): Steps<T[K]> {
  const object = checkPointer(pointer, field);
  const step = makeStep(op, object, field, 'read', options);
  yield step;
  checkLive(object);
  const value = object[field];
  step.value = value;
  return value;
}

function* write<T extends KObject, K extends keyof T & string>(
  op: string,
  pointer: T | null | undefined,
  field: K,
  value: T[K],
  options: StepOptions,
): Steps<void> {
  const object = checkPointer(pointer, field);
  const step = makeStep(op, object, field, 'write', options);
  yield step;
  checkLive(object);
  object[field] = value;
  step.value = value;
}

/** Yields the step of an access to one element and gives the array, checked. */
function* element(
  op: string,
  pointer: KObject | null | undefined,
  field: string,
  index: number,
  access: Access,
  options: StepOptions,
  value?: unknown,
): Steps<unknown> {
  const object = checkPointer(pointer, field);
  const step = makeStep(op, object, elementOf(field, index), access, options);
  yield step;
  checkLive(object);
  const array: unknown = Reflect.get(object, field);
  if (!Array.isArray(array)) throw new TypeError(`${object.kind}.${field} is no array`);
  if (!(index in array)) {
    currentMachine().oops(
      'out-of-bounds',
      `UBSAN: array-index-out-of-bounds in ${functionName()}: index ${String(index)} is out of range for ${object.kind}.${field}[${String(array.length)}]`,
      object,
    );
  }
  if (access === 'write') array[index] = value;
  step.value = array[index];
  return step.value;
}

/** Plain C read of a field. */
export const load = <T extends KObject, K extends keyof T & string>(o: T | null | undefined, field: K): Steps<T[K]> =>
  read('load', o, field, PLAIN);

/** Plain C write of a field. */
export const store = <T extends KObject, K extends keyof T & string>(
  o: T | null | undefined,
  field: K,
  value: T[K],
): Steps<void> => write('store', o, field, value, PLAIN);

/** Kernel: READ_ONCE(). */
export const READ_ONCE = <T extends KObject, K extends keyof T & string>(
  o: T | null | undefined,
  field: K,
): Steps<T[K]> => read('READ_ONCE', o, field, ONCE);

/** Kernel: WRITE_ONCE(). */
export const WRITE_ONCE = <T extends KObject, K extends keyof T & string>(
  o: T | null | undefined,
  field: K,
  value: T[K],
): Steps<void> => write('WRITE_ONCE', o, field, value, ONCE);

/** Plain read of one element of an array field; out of range is an out-of-bounds report. */
export function* load_at<T extends KObject, K extends keyof T & string>(
  o: T | null | undefined,
  field: K,
  index: number,
): Steps<ElementOf<T[K]>> {
  // The element type follows from the field's type, which reflection cannot carry.
  return (yield* element('load', o, field, index, 'read', PLAIN)) as ElementOf<T[K]>;
}

/** Plain write of one element of an array field; out of range is an out-of-bounds report. */
export function* store_at<T extends KObject, K extends keyof T & string>(
  o: T | null | undefined,
  field: K,
  index: number,
  value: ElementOf<T[K]>,
): Steps<void> {
  yield* element('store', o, field, index, 'write', PLAIN, value);
}

/** Kernel: rcu_dereference(), srcu_dereference(): the field, or element `index` of an array field. */
export function rcu_dereference<T extends KObject, K extends keyof T & string>(
  o: T | null | undefined,
  field: K,
): Steps<T[K]>;
export function rcu_dereference<T extends KObject, K extends keyof T & string>(
  o: T | null | undefined,
  field: K,
  index: number,
): Steps<ElementOf<T[K]>>;
export function rcu_dereference<T extends KObject, K extends keyof T & string>(
  o: T | null | undefined,
  field: K,
  index?: number,
): Steps<unknown> {
  return index === undefined
    ? read('rcu_dereference', o, field, ACQUIRE)
    : element('rcu_dereference', o, field, index, 'read', ACQUIRE);
}

/** Kernel: rcu_assign_pointer(): publishes into the field, or into element `index` of an array field. */
export function rcu_assign_pointer<T extends KObject, K extends keyof T & string>(
  o: T | null | undefined,
  field: K,
  value: T[K],
): Steps<void>;
export function rcu_assign_pointer<T extends KObject, K extends keyof T & string>(
  o: T | null | undefined,
  field: K,
  value: ElementOf<T[K]>,
  index: number,
): Steps<void>;
export function* rcu_assign_pointer<T extends KObject, K extends keyof T & string>(
  o: T | null | undefined,
  field: K,
  value: T[K] | ElementOf<T[K]>,
  index?: number,
): Steps<void> {
  if (index !== undefined) yield* element('rcu_assign_pointer', o, field, index, 'write', RELEASE, value);
  // The first overload says that without an index the value is the field's.
  else yield* write('rcu_assign_pointer', o, field, value as T[K], RELEASE);
}
