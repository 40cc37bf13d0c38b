// SPDX-License-Identifier: GPL-2.0-only
import { canonical, type Json } from '@libmultipath/contract';

/** Where two values part. `undefined` on a side: it has nothing there. */
export interface PointOfDifference {
  /** Keys and indices from the outside in, e.g. `["path", "queue_depth"]`. */
  readonly path: readonly (string | number)[];
  readonly a: Json | undefined;
  readonly b: Json | undefined;
}

/** Members of an object or list; undefined for a value that has none. */
const membersOf = (value: Json | undefined): ReadonlyMap<string | number, Json> | undefined => {
  if (typeof value !== 'object' || value === null) return undefined;
  return isList(value) ? new Map(value.entries()) : new Map(Object.entries(value));
};

const isList = (value: Json): value is readonly Json[] => Array.isArray(value);

/** The first place, keys in order, at which two values are not equal; undefined when they are. */
export const firstDifference = (a: Json | undefined, b: Json | undefined): PointOfDifference | undefined => {
  if (a !== undefined && b !== undefined && canonical(a) === canonical(b)) return undefined;
  const [left, right] = [membersOf(a), membersOf(b)];
  if (left === undefined || right === undefined) return { path: [], a, b };
  const keys = [...new Set([...left.keys(), ...right.keys()])];
  const ordered = keys.sort((one, other) =>
    typeof one === 'number' && typeof other === 'number' ? one - other : String(one) < String(other) ? -1 : 1,
  );
  for (const key of ordered) {
    const inner = firstDifference(left.get(key), right.get(key));
    if (inner !== undefined) return { ...inner, path: [key, ...inner.path] };
  }
  // An object and a list with the same members, e.g. {} and [].
  return { path: [], a, b };
};
