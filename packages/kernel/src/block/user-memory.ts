// SPDX-License-Identifier: GPL-2.0-only

/*
 * The argument of an ioctl stands for a user's pointer: an object whose fields are those of
 * the kernel's structure. Anything else is a bad address.
 */

const isObject = (arg: unknown): arg is object => typeof arg === 'object' && arg !== null;

/** Kernel: copy_from_user() of numbers; a field that is left out is 0. @returns undefined: bad address */
export const fromUser = <K extends string>(arg: unknown, fields: readonly K[]): Record<K, number> | undefined => {
  if (!isObject(arg)) return undefined;
  const entries = fields.map((field): [K, unknown] => [field, Reflect.get(arg, field) ?? 0]);
  if (entries.some(([, value]) => typeof value !== 'number')) return undefined;
  // Every field named is there, and a number: both were just seen to.
  return Object.fromEntries(entries) as Record<K, number>;
};

/** Kernel: copy_to_user(). @returns false: bad address */
export const toUser = (arg: unknown, values: Readonly<Record<string, unknown>>): boolean => {
  if (!isObject(arg)) return false;
  Object.assign(arg, values);
  return true;
};
