// SPDX-License-Identifier: GPL-2.0-only

const bases = new Map<string, string>();

/** `flags` of `flags[3]`. */
export const baseOf = (field: string): string => {
  let base = bases.get(field);
  if (base === undefined) {
    const bracket = field.indexOf('[');
    base = bracket === -1 ? field : field.slice(0, bracket);
    bases.set(field, base);
  }
  return base;
};
