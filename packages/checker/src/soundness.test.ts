// SPDX-License-Identifier: GPL-2.0-only
import type { Program } from '@libmultipath/kernel';
import fc from 'fast-check';
import { expect, it } from 'vitest';
import type { Exploration, ExploreOptions } from './exploration.js';
import { explore } from './explore.js';
import { anySpec, programOf, toyDigest } from './random-program.test.kit.js';
import { tracing } from './toy.test.kit.js';

const PROGRAMS = Number(process.env['LMP_PROGRAMS'] ?? 600);
const SEED = Number(process.env['LMP_SEED'] ?? 20260801);
/** Larger plain searches are left out: the programs that count are those both searches finish. */
const MOST = 2_000;

const ends = (found: Exploration) => ({
  complete: found.complete,
  outcomes: found.outcomes.map(({ key }) => key),
  stuck: found.ends.stuckAt.map(({ key }) => key),
});

const plainly = (program: Program, more: ExploreOptions = {}): Exploration =>
  explore(program, { reduction: 'none', memo: false, maxExecutions: MOST, ...more });

it('reaches the same final and stuck states as the plain search, reduced or not, with a memo or not', () => {
  let compared = 0;
  fc.assert(
    fc.property(anySpec, (spec) => {
      const program = programOf(spec);
      const all = plainly(program);
      fc.pre(all.complete);
      compared++;
      const expected = ends(all);
      for (const memo of [false, true]) {
        for (const sleepSets of [false, true]) {
          expect(ends(explore(program, { memo, sleepSets, digest: toyDigest }))).toEqual(expected);
        }
        expect(ends(explore(program, { reduction: 'none', memo, digest: toyDigest }))).toEqual(expected);
      }
    }),
    { numRuns: PROGRAMS, seed: SEED, maxSkipsPerRun: 20 },
  );
  expect(compared).toBeGreaterThanOrEqual(PROGRAMS);
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
    { numRuns: PROGRAMS, seed: SEED + 1, maxSkipsPerRun: 20 },
  );
}, 300_000);
