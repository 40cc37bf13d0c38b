// SPDX-License-Identifier: GPL-2.0-only
import { distanceOf, type NumaTopology } from '@libmultipath/kernel';
import fc from 'fast-check';
import type { mpath_iopolicy_e } from '../constants.js';
import type { ToyPath } from './toy-driver.js';

const OPT = 0;
const NON = 1;
const NUMA = 0;
const QD = 2;

/** Three CPUs on three nodes; node 2 is not online. */
export const numa: NumaTopology = {
  cpuNodes: [0, 1, 3],
  nodes: [0, 1, 3],
  distance: (from, to) => (Math.abs(from - to) === 1 ? 20 : 30),
};

/** Independent of the library's loops: sorts candidates by class, then rank, then place in the list. */
const best = (paths: readonly ToyPath[], rank: (path: ToyPath) => number): number | null => {
  const candidates = paths
    .map((path, index) => ({ path, index }))
    .filter(({ path }) => !path.disabled && path.state <= NON)
    .sort((a, b) => a.path.state - b.path.state || rank(a.path) - rank(b.path) || a.index - b.index);
  return candidates[0]?.index ?? null;
};

/**
 * Place in the list of the path that is to be chosen on `node`, or null.
 * @param cached place of the path that is cached for the node
 */
export const oracle = (
  paths: readonly ToyPath[],
  policy: mpath_iopolicy_e,
  cached: number | null,
  node: number,
): number | null => {
  const scan = best(paths, (path) => (policy === NUMA && path.node >= 0 ? distanceOf(numa, node, path.node) : 10));
  const old = cached === null ? undefined : paths[cached];
  // A depth of -1 reads as UINT_MAX, which is the start value of the comparison: such a path never wins.
  if (policy === QD) {
    return best(
      paths.map((path) => (path.depth === -1 ? { ...path, disabled: true } : path)),
      (path) => path.depth,
    );
  }
  if (cached === null || old === undefined) return scan;
  if (policy === NUMA) return old.state === OPT && !old.disabled ? cached : scan;
  if (paths.length === 1) return old.disabled ? null : cached;
  const others = paths.map((_, step) => (cached + 1 + step) % paths.length).filter((index) => index !== cached);
  const enabled = others.filter((index) => paths[index]?.disabled === false);
  const optimized = enabled.find((index) => paths[index]?.state === OPT);
  if (optimized !== undefined) return optimized;
  const fallback = enabled.filter((index) => paths[index]?.state === NON).at(-1) ?? null;
  if (!old.disabled && (old.state === OPT || (old.state === NON && fallback === null))) return cached;
  return fallback;
};

/** Any path; a depth may be negative. */
export const anyPath = fc.record<ToyPath>({
  disabled: fc.boolean(),
  available: fc.boolean(),
  state: fc.constantFrom(0, 1, 2),
  node: fc.constantFrom(-1, 0, 1, 3),
  depth: fc.integer({ min: -1, max: 3 }),
});
