// SPDX-License-Identifier: GPL-2.0-only
import { deepStrictEqual } from 'node:assert/strict';
import type { Program } from '@libmultipath/kernel';
import fc from 'fast-check';
import type { Exploration, ExploreOptions } from './exploration.js';
import { explore } from './explore.js';
import { exploreInUnits } from './parallel/explore-in-units.js';
import type { SearchPlan } from './parallel/plan.js';
import { anyKernelSpec, anySymmetricSpec, kernelProgramOf } from './random-kernel-program.test.kit.js';
import { anySpec, programOf, toyDigest } from './random-program.test.kit.js';

/*
 * Every way to search must find what the plain search finds. One comparison for each kind of
 * random program; the tests run some of each, `npm run bench -- soundness` many.
 */

/** Larger plain searches are left out: the programs that count are those that it finishes. */
const MOST = 2_000;

/** All that a search may not lose. */
export const ends = (found: Exploration) => ({
  complete: found.complete,
  outcomes: found.outcomes.map(({ key }) => key),
  reports: found.reports.map(({ key }) => key),
  stuck: found.ends.stuckAt.map(({ key }) => key),
});

export const plainly = (program: Program, more: ExploreOptions = {}): Exploration =>
  explore(program, { reduction: 'none', memo: false, maxExecutions: MOST, ...more });

/** What a comparison saw, so that one that compares nothing is noticed. */
export interface Compared {
  /** Programs that were compared. */
  programs: number;
  /** Runs ended at states met before. */
  met: number;
  /** Runs that interchangeable tasks saved. */
  saved: number;
}

export const nothingYet = (): Compared => ({ programs: 0, met: 0, saved: 0 });

const YES_NO = [false, true] as const;
const REVISITS = [false, true, 'forget-nothing'] as const;

/** Reduction, sleep sets and memos, in every combination that is not plain. */
const combinations: readonly ExploreOptions[] = [
  { reduction: 'none', memo: true },
  ...YES_NO.flatMap((sleepSets) => [
    { sleepSets, memo: false },
    ...REVISITS.map((revisits) => ({ sleepSets, memo: true, revisits })),
  ]),
];

/** What threads do, without threads: parts so small that most programs are split. The number of threads changes nothing (0008). */
const inParts: readonly SearchPlan[] = [
  { memo: false },
  { memo: true, revisits: false },
  { memo: true, revisits: true },
  { memo: true, revisits: 'forget-nothing' },
  { reduction: 'none', memo: true },
];

const compare = (program: Program, more: ExploreOptions, compared: Compared): void => {
  const all = plainly(program, more);
  fc.pre(all.complete);
  compared.programs++;
  const expected = ends(all);
  for (const options of combinations) {
    const found = explore(program, { ...options, ...more });
    deepStrictEqual(ends(found), expected, JSON.stringify(options));
    compared.met += found.stats.memoHits;
  }
  for (const options of inParts) {
    const { exploration } = exploreInUnits(program, { ...options, extra: more, wholeSteps: 40, unitSteps: 25 });
    deepStrictEqual(ends(exploration), expected, `in parts, ${JSON.stringify(options)}`);
  }
};

/** Which of several alike it is that waits, or is told of, does not count. */
const unnamed = (keys: readonly string[]): string[] =>
  [...new Set(keys.map((key) => key.replaceAll(/\bt\d+\b/g, 't')))].sort();

const upToNames = (found: Exploration) => ({
  ...ends(found),
  reports: unnamed(found.reports.map(({ key }) => key)),
  stuck: [...new Set(found.ends.stuckAt.map(({ outcome }) => JSON.stringify(outcome)))].sort(),
});

const compareSymmetric = (program: Program, compared: Compared): void => {
  const all = plainly(program);
  const raceless = plainly(program, { races: false });
  fc.pre(all.complete);
  compared.programs++;
  for (const sleepSets of YES_NO) {
    for (const revisits of [true, 'forget-nothing'] as const) {
      const without = explore(program, { revisits, symmetry: false, sleepSets });
      // Of races the sites count, and who of several alike was where: they are looked for without symmetry only.
      const found = explore(program, { revisits, sleepSets, races: false });
      compared.met += found.stats.memoHits;
      compared.saved += without.stats.executions - found.stats.executions;
      deepStrictEqual(upToNames(without), upToNames(all), 'without symmetry');
      deepStrictEqual(upToNames(found), upToNames(raceless), 'with symmetry');
    }
  }
};

const run = <T>(specs: fc.Arbitrary<T>, check: (spec: T) => void, programs: number, seed: number): void => {
  fc.assert(fc.property(specs, check), { numRuns: programs, seed, maxSkipsPerRun: 80 });
};

/** Programs of primitives that the search knows nothing about. */
export const compareToys = (programs: number, seed: number): Compared => {
  const compared = nothingYet();
  run(anySpec, (spec) => compare(programOf(spec), { digest: toyDigest }, compared), programs, seed);
  return compared;
};

/** Programs of the kernel's primitives. */
export const compareKernel = (programs: number, seed: number): Compared => {
  const compared = nothingYet();
  run(anyKernelSpec, (spec) => compare(kernelProgramOf(spec), {}, compared), programs, seed);
  return compared;
};

/** The same with tasks that may change places. */
export const compareAlike = (programs: number, seed: number): Compared => {
  const compared = nothingYet();
  run(anySymmetricSpec, (spec) => compareSymmetric(kernelProgramOf(spec), compared), programs, seed);
  return compared;
};
