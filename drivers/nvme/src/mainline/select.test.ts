// SPDX-License-Identifier: GPL-2.0-only
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { current, distanceOf, type NumaTopology } from '@libmultipath/driver-kit';
import { headOfPaths, type PathState } from '../testing/head-of-paths.js';
import { kernelRun, twoPaths } from '../testing/kernel-run.js';
import { profile_6_1, profile_7_3, type MainlineProfile } from './profiles.js';

const nodes: NumaTopology = {
  cpuNodes: [0, 1, 2],
  nodes: [0, 1, 2],
  distance: (from, to) => 10 + 10 * Math.abs(from - to),
};

const LIVE = 1;
const DELETING = 4;
const READY = 1 << 4;
const PENDING = 1 << 2;
const OPTIMIZED = 1;
const NONOPTIMIZED = 2;
const INACCESSIBLE = 3;

const good: PathState = { state: LIVE, flags: READY, ana: OPTIMIZED, node: -1, depth: 0 };

interface Choice {
  /** Index of the chosen path; null: none. */
  readonly chosen: number | null;
  /** What the node remembers afterwards. */
  readonly remembered: number | null;
}

interface Question {
  readonly policy: number;
  readonly paths: readonly PathState[];
  readonly remembered: number | null;
  readonly node: number;
}

const ask = (profile: MainlineProfile, { policy, paths, remembered, node }: Question): Choice =>
  kernelRun(
    profile,
    twoPaths,
    function* (world) {
      const { head, list } = yield* headOfPaths(world, profile.parts, policy, paths);
      head.current_path[node] = (remembered === null ? undefined : list[remembered]) ?? null;
      current().cpu = node;
      const ns = yield* profile.parts.find_path(head);
      const now = head.current_path[node] ?? null;
      const index = (path: typeof ns): number | null => (path === null ? null : list.indexOf(path));
      return { chosen: index(ns), remembered: index(now) };
    },
    nodes,
  ).value;

/** What the facts say, said naively: by filtering and sorting. */
const oracle = ({ policy, paths, remembered, node }: Question, hasQueueDepth: boolean): Choice => {
  const all = paths.map((path, index) => ({ ...path, index }));
  const usable = (path: PathState): boolean =>
    (path.state === LIVE || path.state === DELETING) && (path.flags & PENDING) === 0 && (path.flags & READY) !== 0;
  const far = (path: PathState): number => (policy !== 0 || path.node === -1 ? 10 : distanceOf(nodes, node, path.node));
  const best = (cost: (path: PathState) => number): number | null =>
    all
      .filter((path) => usable(path) && (path.ana === OPTIMIZED || path.ana === NONOPTIMIZED))
      .toSorted((a, b) => a.ana - b.ana || cost(a) - cost(b) || a.index - b.index)[0]?.index ?? null;
  const slow = (): Choice => {
    const chosen = best(far);
    return { chosen, remembered: chosen ?? remembered };
  };

  if (policy === 2 && hasQueueDepth) return { chosen: best(({ depth }) => depth), remembered };
  const old = remembered === null ? undefined : all[remembered];
  if (old === undefined) return slow();
  if (policy !== 1) {
    return old.state === LIVE && old.ana === OPTIMIZED ? { chosen: old.index, remembered } : slow();
  }
  if (all.length === 1) return { chosen: usable(old) ? old.index : null, remembered };
  const others = [...all.slice(old.index + 1), ...all.slice(0, old.index)].filter(usable);
  const next = others.find(({ ana }) => ana === OPTIMIZED);
  if (next !== undefined) return { chosen: next.index, remembered: next.index };
  const second = others.findLast(({ ana }) => ana === NONOPTIMIZED);
  const stays = usable(old) && (old.ana === OPTIMIZED || (second === undefined && old.ana === NONOPTIMIZED));
  if (stays) return { chosen: old.index, remembered };
  return second === undefined ? { chosen: null, remembered } : { chosen: second.index, remembered: second.index };
};

const path: fc.Arbitrary<PathState> = fc.record({
  state: fc.constantFrom(LIVE, LIVE, LIVE, 2, 3, DELETING, 5, 6),
  flags: fc.constantFrom(READY, READY, READY, READY | PENDING, PENDING, 0),
  ana: fc.constantFrom(OPTIMIZED, OPTIMIZED, NONOPTIMIZED, NONOPTIMIZED, INACCESSIBLE, 4, 0x0f, 0),
  node: fc.constantFrom(-1, 0, 1, 2),
  depth: fc.nat(3),
});

const question: fc.Arbitrary<Question> = fc.array(path, { minLength: 1, maxLength: 4 }).chain((paths) =>
  fc.record({
    policy: fc.constantFrom(0, 1, 2),
    paths: fc.constant(paths),
    remembered: fc.option(fc.nat(paths.length - 1)),
    node: fc.nat(2),
  }),
);

test('7.3 chooses and remembers what a naive reading of the facts says', () => {
  fc.assert(
    fc.property(question, (q) => {
      expect(ask(profile_7_3, q)).toEqual(oracle(q, true));
    }),
    { numRuns: 400 },
  );
});

test('6.1 chooses and remembers what a naive reading of the facts says', () => {
  const known = question.filter(({ policy }) => policy !== 2);
  fc.assert(
    fc.property(known, (q) => {
      expect(ask(profile_6_1, q)).toEqual(oracle(q, false));
    }),
    { numRuns: 400 },
  );
});

const both = [profile_6_1, profile_7_3];

test.each(both)('$name: equals are decided by list order', (profile) => {
  expect(ask(profile, { policy: 0, paths: [good, good, good], remembered: null, node: 0 }).chosen).toBe(0);
  const near = { ...good, node: 1 };
  expect(ask(profile, { policy: 0, paths: [{ ...good, node: 2 }, near, near], remembered: null, node: 1 }).chosen).toBe(
    1,
  );
});

test.each(both)('$name: a failed search leaves the stale pointer', (profile) => {
  const paths = [
    { ...good, ana: INACCESSIBLE },
    { ...good, ana: INACCESSIBLE },
  ];
  expect(ask(profile, { policy: 0, paths, remembered: 1, node: 0 })).toEqual({ chosen: null, remembered: 1 });
});

test.each(both)('$name: the numa fast path does not look whether the path is disabled', (profile) => {
  const paths = [{ ...good, flags: READY | PENDING }, good];
  expect(ask(profile, { policy: 0, paths, remembered: 0, node: 0 }).chosen).toBe(0);
});

test.each(both)('$name: round-robin over one path does not look at its ANA state', (profile) => {
  const inaccessible = { ...good, ana: INACCESSIBLE };
  expect(ask(profile, { policy: 1, paths: [inaccessible], remembered: 0, node: 0 }).chosen).toBe(0);
  expect(ask(profile, { policy: 1, paths: [inaccessible, inaccessible], remembered: 0, node: 0 }).chosen).toBeNull();
});

test.each(both)('$name: a path that is being deleted is still used', (profile) => {
  expect(ask(profile, { policy: 0, paths: [{ ...good, state: DELETING }], remembered: null, node: 0 }).chosen).toBe(0);
});

test('queue-depth never touches what the node remembers', () => {
  const paths = [
    { ...good, depth: 2 },
    { ...good, depth: 1 },
  ];
  expect(ask(profile_7_3, { policy: 2, paths, remembered: 0, node: 0 })).toEqual({ chosen: 1, remembered: 0 });
});
