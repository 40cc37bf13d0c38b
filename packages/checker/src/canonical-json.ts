// SPDX-License-Identifier: GPL-2.0-only
import { errors } from './errors.js';

const refuse = (what: string, where: string): never => {
  throw errors.fail('LMP-304', {
    message: `expected JSON, found ${what}`,
    where,
    todo: 'put plain data into the outcome',
  });
};

/** Class instances are refused: their fields are not what an outcome means to say. */
const isPlain = (value: object): boolean => {
  const prototype: unknown = Object.getPrototypeOf(value);
  return prototype === Object.prototype || prototype === null;
};

const write = (value: unknown, where: string, above: readonly object[]): string => {
  if (value === null || typeof value === 'boolean' || typeof value === 'string') return JSON.stringify(value);
  if (typeof value === 'number') return Number.isFinite(value) ? JSON.stringify(value) : refuse(String(value), where);
  if (typeof value !== 'object') return refuse(`a ${typeof value}`, where);
  if (above.includes(value)) return refuse('a cycle', where);
  const inside = [...above, value];
  if (Array.isArray(value)) {
    return `[${value.map((item, index) => write(item, `${where}[${String(index)}]`, inside)).join(',')}]`;
  }
  if (!isPlain(value)) return refuse(`an object of class ${value.constructor.name}`, where);
  const fields = Object.entries(value).filter(([, field]) => field !== undefined);
  // By code unit, so that the bytes do not depend on a locale.
  fields.sort(([a], [b]) => (a < b ? -1 : 1));
  return `{${fields.map(([key, field]) => `${JSON.stringify(key)}:${write(field, `${where}.${key}`, inside)}`).join(',')}}`;
};

/**
 * The one JSON text of a value: keys sorted, absent fields left out, no white space.
 * `undefined` as a whole counts as null, so that a program without outcome has one.
 * @throws LMP-304 the value is no JSON
 */
export const canonicalJson = (value: unknown): string => write(value === undefined ? null : value, 'outcome', []);
