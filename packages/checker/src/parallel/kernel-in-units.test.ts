// SPDX-License-Identifier: GPL-2.0-only
import fc from 'fast-check';
import { expect, it } from 'vitest';
import type { Exploration } from '../exploration.js';
import { explore } from '../explore.js';
import { anyKernelSpec, anySymmetricSpec, kernelProgramOf } from '../random-kernel-program.test.kit.js';
import { exploreInUnits } from './explore-in-units.js';

const PROGRAMS = Number(process.env['LMP_PROGRAMS'] ?? 60);
const SEED = Number(process.env['LMP_SEED'] ?? 20260801);
const MOST = 2_000;

const ends = (found: Exploration) => ({
  complete: found.complete,
  outcomes: found.outcomes.map(({ key }) => key),
  reports: found.reports.map(({ key }) => key),
  stuck: found.ends.stuckAt.map(({ key }) => key),
});

it('finds in parts what the whole search finds, with all that is left out of both', () => {
  let parts = 0;
  fc.assert(
    fc.property(fc.oneof(anyKernelSpec, anySymmetricSpec), fc.integer({ min: 1, max: 200 }), (spec, unitSteps) => {
      const program = kernelProgramOf(spec);
      const whole = explore(program, { maxExecutions: MOST });
      fc.pre(whole.complete);
      const { exploration, saved } = exploreInUnits(program, { wholeSteps: unitSteps, unitSteps });
      expect(ends(exploration)).toEqual(ends(whole));
      parts += saved.nextId;
    }),
    { numRuns: PROGRAMS, seed: SEED, maxSkipsPerRun: 20 },
  );
  expect(parts).toBeGreaterThan(PROGRAMS * 3);
}, 300_000);

it('knows across the border of two parts what happens before what: the same data races', () => {
  let races = 0;
  fc.assert(
    fc.property(anyKernelSpec, fc.integer({ min: 1, max: 200 }), (spec, unitSteps) => {
      const program = kernelProgramOf(spec);
      const whole = explore(program, { memo: false, maxExecutions: MOST });
      fc.pre(whole.complete);
      const { exploration } = exploreInUnits(program, { memo: false, wholeSteps: unitSteps, unitSteps });
      expect(exploration.races?.map(({ key }) => key)).toEqual(whole.races?.map(({ key }) => key));
      races += whole.races?.length ?? 0;
    }),
    { numRuns: PROGRAMS, seed: SEED + 1, maxSkipsPerRun: 20 },
  );
  expect(races).toBeGreaterThan(PROGRAMS / 4);
}, 300_000);
