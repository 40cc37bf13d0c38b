// SPDX-License-Identifier: GPL-2.0-only

/** What an observation may give. Compared by value; object keys in any order. */
export type Json = string | number | boolean | null | readonly Json[] | { readonly [key: string]: Json };

/** One text per value: keys sorted, no white space. Two values are equal when their texts are. */
export const canonical = (value: Json): string => {
  if (typeof value !== 'object' || value === null) return JSON.stringify(value);
  if (isList(value)) return `[${value.map(canonical).join(',')}]`;
  const entries = Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1));
  return `{${entries.map(([key, item]) => `${JSON.stringify(key)}:${canonical(item)}`).join(',')}}`;
};

const isList = (value: Json): value is readonly Json[] => Array.isArray(value);
