// SPDX-License-Identifier: GPL-2.0-only
import { ASLEEP, DONE, ENABLED, WANTED, type SearchNode, type SearchPath } from '../search-node.js';
import { saveNode } from './saved-node.js';
import { pathText, traceOf } from './unit-path.js';
import type { SavedNode, UnitDraft } from './work-unit.js';

/** Where a search was left, below the prefix of its unit. */
export interface Remainder {
  readonly path: SearchPath;
  /** Length of the frozen prefix. */
  readonly base: number;
  /** Depth at which the next run would leave the path. */
  readonly leaves: number;
  /** Preemptions spent in the prefix. */
  readonly preemptions: number;
  readonly share: number;
}

/**
 * Tasks that somebody has to explore from the node once it is frozen, in order. A full node
 * knows what it wants; so does every node where nothing is reduced.
 */
const alternatives = (node: SearchNode): number[] => {
  const due = node.full ? WANTED : ENABLED;
  const found: number[] = [];
  for (let task = 0; task < node.tasks; task++) {
    if (task !== node.chosen && ((node.marks[task] ?? 0) & (due | DONE | ASLEEP)) === due) found.push(task);
  }
  return found;
};

/** The node with one task to explore; `before` count as explored, so that they sleep where that is due. */
const only = (node: SavedNode, marks: readonly number[], task: number, before: readonly number[]): SavedNode => ({
  ...node,
  marks: marks.map((mark, index) => {
    if (index === task) return mark | WANTED;
    const rest = mark & ~WANTED;
    return before.includes(index) ? rest | DONE : rest;
  }),
  chosen: task,
  branch: 0,
  full: true,
});

/**
 * What is left of a unit, as units: the first node with another way out is frozen, each
 * of its ways out becomes a unit of its own, and the search goes on below the way it is on.
 * Frozen, a node is not told about races any more, so every task that could go on there
 * must be explored, unless it sleeps: more than the search might have wanted, but nothing
 * is explored twice, because those before it in the order sleep.
 */
export const handOver = (remainder: Remainder): UnitDraft[] => {
  const { path, base, leaves, preemptions, share } = remainder;
  const saved = (from: number): SavedNode[] => savedFrom(remainder, from);
  const prefix = (length: number): Pick<UnitDraft, 'path' | 'trace'> => ({
    path: pathText(path, length),
    trace: traceOf(path, length),
  });
  for (let depth = base; depth < leaves; depth++) {
    const node = path.at(depth);
    const others = alternatives(node);
    const branches = node.branch + 1 < node.branches;
    if (others.length === 0 && !branches) continue;
    const parts = others.length + (branches ? 1 : 0) + 1;
    const part = { share: share / parts };
    const here = {
      ...part,
      ...prefix(depth),
      preemptions: depth === base ? preemptions : path.at(depth - 1).preemptions,
    };
    const whole = saveNode(node);
    const marks = Array.from(node.marks.subarray(0, node.tasks));
    const below: UnitDraft = {
      ...part,
      ...prefix(depth + 1),
      preemptions: node.preemptions + node.cost,
      nodes: saved(depth + 1),
    };
    const siblings = others.map((task, nth) => ({
      ...here,
      nodes: [only(whole, marks, task, [node.chosen, ...others.slice(0, nth)])],
    }));
    if (!branches) return [below, ...siblings];
    const rest = { ...only(whole, marks, node.chosen, []), branch: node.branch + 1 };
    return [below, { ...here, nodes: [rest] }, ...siblings];
  }
  return [leaveHere(remainder)];
};

const savedFrom = ({ path, leaves }: Remainder, from: number): SavedNode[] =>
  Array.from({ length: leaves - from + 1 }, (_, index) => saveNode(path.at(from + index)));

/** What is left of a unit, as one unit: nothing more is frozen, and the search goes on where it is. */
export const leaveHere = (remainder: Remainder): UnitDraft => {
  const { path, base, preemptions, share } = remainder;
  const prefix = { path: pathText(path, base), trace: traceOf(path, base) };
  return { share, ...prefix, preemptions, nodes: savedFrom(remainder, base) };
};
