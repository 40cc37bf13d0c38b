// SPDX-License-Identifier: GPL-2.0-only
import { ASLEEP, DONE, ENABLED, WANTED, type SearchNode, type SearchPath } from '../search-node.js';
import type { Search } from '../search.js';

interface Ways {
  /** Tasks that could go on and do not sleep. */
  readonly possible: number;
  /** Those that are to be explored, as far as is known. */
  readonly wanted: number;
  /** Those that were, but for the present one. */
  readonly done: number;
  /** More will hardly be wanted: everything is, or one way out was explored whole. */
  readonly informed: boolean;
}

const waysOf = (node: SearchNode): Ways => {
  let [possible, wanted, done] = [0, 0, 0];
  for (let task = 0; task < node.tasks; task++) {
    const mark = node.marks[task] ?? 0;
    if ((mark & ASLEEP) !== 0) continue;
    if ((mark & ENABLED) !== 0) possible++;
    if ((mark & WANTED) === 0) continue;
    wanted++;
    if ((mark & DONE) !== 0 && task !== node.chosen) done++;
  }
  return { possible, wanted, done, informed: node.full || done > 0 };
};

/**
 * How many ways out each of the first nodes will have had in the end. A race is found below
 * the node that learns from it, so that what the upper nodes want is not known yet: they
 * are taken to want as great a part of what they could as the nodes that know.
 */
const waysAlong = (path: SearchPath, length: number): { readonly all: number; readonly done: number }[] => {
  const ways = Array.from({ length }, (_, depth) => waysOf(path.at(depth)));
  let [could, would] = [0, 0];
  for (const { possible, wanted, informed } of ways) {
    if (!informed || possible < 2) continue;
    could += possible - 1;
    would += Math.max(0, wanted - 1);
  }
  const part = could === 0 ? 1 : would / could;
  return ways.map(({ possible, wanted, done, informed }) => ({
    all: Math.max(1, wanted, informed ? 0 : 1 + part * (possible - 1)),
    done,
  }));
};

/**
 * The part of a search's tree that lies below the first `depth` choices of its path, if at
 * each node every way out leads to as much as the others.
 */
export const shareBelow = ({ frontier: { path } }: Search, depth: number): number =>
  waysAlong(path, depth).reduce((share, { all }, at) => share / (all * Math.max(1, path.at(at).branches)), 1);

/**
 * The part of a search's tree that is explored, by the same measure, between two runs: what
 * hangs on the path before it. May fall when a race shows that more is to be explored than
 * was thought.
 */
export const shareDone = ({ frontier: { path, leaves } }: Search): number => {
  let share = 1;
  let explored = 0;
  for (const [at, { all, done }] of waysAlong(path, leaves + 1).entries()) {
    const node = path.at(at);
    // At the end of the path another task was chosen, whose branches are not known yet.
    const branches = at < leaves || node.branch > 0 ? Math.max(1, node.branches) : 1;
    explored += (share * (done + node.branch / branches)) / all;
    share /= all * branches;
  }
  return Math.min(1, explored);
};
