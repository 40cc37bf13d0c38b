// SPDX-License-Identifier: GPL-2.0-only
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { explore } from './explore.js';
import { anySpec, programOf } from './random-program.test.kit.js';
import { compareAlike, compareKernel, compareToys, ends, plainly } from './soundness.test.kit.js';
import { tracing } from './toy.test.kit.js';

/** A part of what `npm run bench -- soundness` compares, with another seed. */
const SEED = 20260801;

it('reaches the same ends as the plain search, reduced or not, with memos or not', () => {
  expect(compareToys(50, SEED).programs).toBe(50);
}, 300_000);

it('reaches the same ends and reports on the primitives whose effects it knows', () => {
  const compared = compareKernel(25, SEED + 1);
  expect(compared.programs).toBe(25);
  expect(compared.met).toBeGreaterThan(100);
}, 300_000);

it('explores one of the schedules that differ by interchangeable tasks alone, and misses no end', () => {
  const compared = compareAlike(25, SEED + 2);
  expect(compared.programs).toBe(25);
  expect(compared.saved).toBeGreaterThan(0);
}, 300_000);

it('explores each trace of the plain search exactly once', () => {
  fc.assert(
    fc.property(anySpec, (spec) => {
      const program = tracing(programOf(spec));
      const all = plainly(program);
      fc.pre(all.complete);
      const reduced = explore(program, { memo: false });
      expect(ends(reduced)).toEqual(ends(all));
      const traces = all.outcomes.length + all.ends.stuckAt.length;
      expect(reduced.stats.executions - reduced.stats.pruned).toBe(traces);
    }),
    { numRuns: 60, seed: SEED + 3, maxSkipsPerRun: 20 },
  );
}, 300_000);
