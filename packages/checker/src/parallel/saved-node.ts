// SPDX-License-Identifier: GPL-2.0-only
import type { SearchNode } from '../search-node.js';
import type { SavedNode } from './work-unit.js';

const withoutZeros = (values: ArrayLike<number>): number[] => {
  let { length } = values;
  while (length > 0 && values[length - 1] === 0) length--;
  return Array.from({ length }, (_, index) => values[index] ?? 0);
};

/**
 * A node as plain data: every field but the live step. Asked of the node itself, so that a
 * field it gains is not forgotten; one of a kind that is unknown here is refused.
 */
export const saveNode = (node: SearchNode): SavedNode => {
  const saved: Record<string, SavedNode[string]> = {};
  for (const [key, value] of Object.entries(node) as [string, unknown][]) {
    if (key === 'step') continue;
    if (value instanceof Uint8Array || value instanceof Int32Array) saved[key] = withoutZeros(value);
    else if (typeof value === 'number' || typeof value === 'boolean' || typeof value === 'string') saved[key] = value;
    else throw new TypeError(`the field ${key} of a search node cannot be saved`);
  }
  return saved;
};

/** Tasks that a saved node has to have room for. */
export const tasksOf = (saved: SavedNode): number =>
  Math.max(0, ...Object.values(saved).map((value) => (Array.isArray(value) ? value.length : 0)));

/** Puts a saved node's fields into a node that has room for its tasks. */
export const restoreNode = (node: SearchNode, saved: SavedNode): void => {
  for (const [key, value] of Object.entries(saved)) {
    if (!Array.isArray(value)) {
      Reflect.set(node, key, value);
      continue;
    }
    const array: unknown = Reflect.get(node, key);
    if (!(array instanceof Uint8Array || array instanceof Int32Array)) continue;
    array.fill(0);
    array.set(value);
  }
};
