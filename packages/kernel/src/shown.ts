// SPDX-License-Identifier: GPL-2.0-only

/** A value of any kind in a word or two, for reports about what a driver gave. */
export const shown = (value: unknown): string => {
  if (typeof value === 'string') return `'${value}'`;
  if (typeof value === 'function') return `the function ${value.name}`;
  if (typeof value !== 'object' || value === null) return String(value);
  if (Array.isArray(value)) return 'an array';
  const prototype: unknown = Object.getPrototypeOf(value);
  if (typeof prototype !== 'object' || prototype === null) return 'an object';
  return `an object of type ${prototype.constructor.name}`;
};
