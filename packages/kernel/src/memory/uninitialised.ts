// SPDX-License-Identifier: GPL-2.0-only
import type { KObject } from '../object.js';
import { reportUse, uninitialised_value } from './garbage.js';

/*
 * Whatever is reached inside garbage is garbage: an embedded structure of it, an element of an
 * array in it. So the step that would read there is yielded, and faults.
 */
const inside: ProxyHandler<uninitialised_value> = {
  get: (target, key, receiver: unknown): unknown =>
    typeof key === 'symbol' || key in target ? Reflect.get(target, key, target) : receiver,
};

const garbage = (type: string, name: string): unknown => new Proxy(new uninitialised_value(type, name), inside);

/**
 * The value of a C local or field before anything is stored in it. It may be stored and loaded as
 * any other; going through it as a pointer kills the task (`BUG: KMSAN: uninit-value in FN`),
 * an operator reports and gives 0; for a comparison write {@link initialised}.
 *
 * @example
 * let found = uninitialised<mpath_device | null>('struct mpath_device *', 'found');
 * for (...) if (...) found = dev;
 * if (initialised(found) === null) found = fallback;
 */
// oxlint-disable-next-line typescript/no-unnecessary-type-parameters -- garbage is of whatever type it is declared
export const uninitialised = <T = KObject | null>(type: string, name: string): T =>
  // Garbage has the type that the C declaration gives it.
  garbage(type, name) as T;

/** Was nothing ever stored in what gave this value? For observers; no report. */
export const isUninitialised = (value: unknown): boolean => value instanceof uninitialised_value;

/**
 * The value, used to decide something (`if`, `==`, an argument of the caller's language that no
 * step sees): reported when it is garbage, and the task goes on with it.
 */
export const initialised = <T>(value: T): T => {
  if (value instanceof uninitialised_value) reportUse(value);
  return value;
};

/**
 * Memory of kmalloc(): numbers, flags and pointers of the object that its constructor did not get
 * as parameters hold garbage. Embedded objects have constructors of their own (INIT_LIST_HEAD() …).
 */
export const poison = (object: KObject, keep: readonly string[]): void => {
  for (const [field, value] of Object.entries(object)) {
    if (keep.includes(field)) continue;
    const type = value === null ? 'void *' : typeof value;
    if (value !== null && type !== 'number' && type !== 'boolean') continue;
    Reflect.set(object, field, garbage(type, field));
  }
};
