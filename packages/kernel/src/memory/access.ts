// SPDX-License-Identifier: GPL-2.0-only
import { currentMachine } from '../current.js';
import { KObject } from '../object.js';
import { operation, type Operation, type Primitive } from '../operation.js';
import {
  ACQUIRE,
  elementOf,
  ONCE,
  PLAIN,
  RELEASE,
  type Access,
  type Comparable,
  type Steps,
  type StepTraits,
} from '../step.js';
import { checkLive, functionName } from './check.js';

/** Element type of a field that holds an array. */
export type ElementOf<A> = A extends readonly (infer E)[] ? E : never;

// A step's field names a property of its object, which the type of a name cannot say.
const fieldsOf = (object: KObject): Record<string, unknown> => object as unknown as Record<string, unknown>;

/** A field that the structure does not have: C would not compile it. */
export const checkField = (object: KObject, field: string): void => {
  if (field in object) return;
  currentMachine().oops(
    'driver-contract',
    `${functionName()} names ${object.kind}.${field}, and there is no such field`,
    object,
  );
};

const readField = (step: Operation<KObject, undefined, unknown>, object: KObject): unknown => {
  checkLive(object);
  const value = fieldsOf(object)[step.field];
  if (value === undefined) checkField(object, step.field);
  step.value = value;
  return value;
};

const writeField = (step: Operation<KObject, unknown, void>, object: KObject): void => {
  checkLive(object);
  const fields = fieldsOf(object);
  if (fields[step.field] === undefined) checkField(object, step.field);
  fields[step.field] = step.argument;
  step.value = step.argument;
};

type Read = Primitive<KObject, undefined, unknown>;
type Write = Primitive<KObject, unknown, void>;

const reader = (op: string, traits: StepTraits): Read => ({ op, access: 'read', traits, effect: readField });
const writer = (op: string, traits: StepTraits): Write => ({ op, access: 'write', traits, effect: writeField });

const LOAD = reader('load', PLAIN);
const READ_ONCE_OF = reader('READ_ONCE', ONCE);
const DEREFERENCE = reader('rcu_dereference', ACQUIRE);
/** What the write leaves, if it can be compared. Two plain writes are a data race whatever they write: they never commute. */
const leaves = (value: unknown): Comparable | undefined => {
  switch (typeof value) {
    case 'string':
    case 'number':
    case 'boolean':
      return value;
    default:
      return value === null || value instanceof KObject ? value : undefined;
  }
};

const STORE = writer('store', PLAIN);
const WRITE_ONCE_OF = { ...writer('WRITE_ONCE', ONCE), sets: leaves };
const ASSIGN = { ...writer('rcu_assign_pointer', RELEASE), sets: leaves };

/** An access to one element of an array field. */
interface Element {
  readonly field: string;
  readonly index: number;
  readonly value?: unknown;
}

type ElementAccess = Operation<KObject, Element, unknown>;

/** The array, checked, with the element in it. */
const arrayOf = (object: KObject, { field, index }: Element): unknown[] => {
  checkLive(object);
  const array = fieldsOf(object)[field];
  if (!Array.isArray(array)) {
    checkField(object, field);
    return currentMachine().oops(
      'driver-contract',
      `${functionName()} indexes ${object.kind}.${field}, which is no array`,
      object,
    );
  }
  if (index in array) return array;
  return currentMachine().oops(
    'out-of-bounds',
    `UBSAN: array-index-out-of-bounds in ${functionName()}: index ${String(index)} is out of range for ${object.kind}.${field}[${String(array.length)}]`,
    object,
  );
};

const readElement = (step: ElementAccess, object: KObject): unknown => {
  const value = arrayOf(object, step.argument)[step.argument.index];
  step.value = value;
  return value;
};

const writeElement = (step: ElementAccess, object: KObject): void => {
  const { index, value } = step.argument;
  arrayOf(object, step.argument)[index] = value;
  step.value = value;
};

type ElementPrimitive = Primitive<KObject, Element, unknown>;

const elementOp = (op: string, access: Access, traits: StepTraits): ElementPrimitive => ({
  op,
  access,
  traits,
  effect: access === 'read' ? readElement : writeElement,
});

const LOAD_AT = elementOp('load', 'read', PLAIN);
const STORE_AT = elementOp('store', 'write', PLAIN);
const DEREFERENCE_AT = elementOp('rcu_dereference', 'read', ACQUIRE);
const ASSIGN_AT: ElementPrimitive = {
  ...elementOp('rcu_assign_pointer', 'write', RELEASE),
  sets: ({ value }) => leaves(value),
};

type Pointer<T extends KObject> = T | null | undefined;

/* What a field holds follows from its name in each signature below; the effect cannot carry that. */

const readOf = <R>(primitive: Read, o: Pointer<KObject>, field: string): Steps<R> =>
  operation(primitive, o, field, undefined) as Steps<R>;

const elementSteps = <R>(primitive: ElementPrimitive, o: Pointer<KObject>, element: Element): Steps<R> =>
  operation(primitive, o, elementOf(element.field, element.index), element) as Steps<R>;

/** Plain C read of a field. */
export const load = <T extends KObject, K extends keyof T & string>(o: Pointer<T>, field: K): Steps<T[K]> =>
  readOf(LOAD, o, field);

/** Plain C write of a field. */
export const store = <T extends KObject, K extends keyof T & string>(
  o: Pointer<T>,
  field: K,
  value: T[K],
): Steps<void> => operation(STORE, o, field, value);

/** Kernel: READ_ONCE(). */
export const READ_ONCE = <T extends KObject, K extends keyof T & string>(o: Pointer<T>, field: K): Steps<T[K]> =>
  readOf(READ_ONCE_OF, o, field);

/** Kernel: WRITE_ONCE(). */
export const WRITE_ONCE = <T extends KObject, K extends keyof T & string>(
  o: Pointer<T>,
  field: K,
  value: T[K],
): Steps<void> => operation(WRITE_ONCE_OF, o, field, value);

/** Plain read of one element of an array field; out of range is an out-of-bounds report. */
export const load_at = <T extends KObject, K extends keyof T & string>(
  o: Pointer<T>,
  field: K,
  index: number,
): Steps<ElementOf<T[K]>> => elementSteps(LOAD_AT, o, { field, index });

/** Plain write of one element of an array field; out of range is an out-of-bounds report. */
export const store_at = <T extends KObject, K extends keyof T & string>(
  o: Pointer<T>,
  field: K,
  index: number,
  value: ElementOf<T[K]>,
): Steps<void> => elementSteps(STORE_AT, o, { field, index, value });

/** Kernel: rcu_dereference(), srcu_dereference(): the field, or element `index` of an array field. */
export function rcu_dereference<T extends KObject, K extends keyof T & string>(o: Pointer<T>, field: K): Steps<T[K]>;
export function rcu_dereference<T extends KObject, K extends keyof T & string>(
  o: Pointer<T>,
  field: K,
  index: number,
): Steps<ElementOf<T[K]>>;
export function rcu_dereference<T extends KObject, K extends keyof T & string>(
  o: Pointer<T>,
  field: K,
  index?: number,
): Steps<unknown> {
  return index === undefined ? readOf(DEREFERENCE, o, field) : elementSteps(DEREFERENCE_AT, o, { field, index });
}

/** Kernel: rcu_assign_pointer(): publishes into the field, or into element `index` of an array field. */
export function rcu_assign_pointer<T extends KObject, K extends keyof T & string>(
  o: Pointer<T>,
  field: K,
  value: T[K],
): Steps<void>;
export function rcu_assign_pointer<T extends KObject, K extends keyof T & string>(
  o: Pointer<T>,
  field: K,
  value: ElementOf<T[K]>,
  index: number,
): Steps<void>;
export function rcu_assign_pointer<T extends KObject, K extends keyof T & string>(
  o: Pointer<T>,
  field: K,
  value: T[K] | ElementOf<T[K]>,
  index?: number,
): Steps<void> {
  if (index === undefined) return operation(ASSIGN, o, field, value);
  return elementSteps(ASSIGN_AT, o, { field, index, value });
}
