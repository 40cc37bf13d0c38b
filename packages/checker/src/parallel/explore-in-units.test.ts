// SPDX-License-Identifier: GPL-2.0-only
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { canonicalJson } from '../canonical-json.js';
import type { Exploration } from '../exploration.js';
import { explore } from '../explore.js';
import { anySpec, programOf, toyDigest } from '../random-program.test.kit.js';
import { tracing } from '../toy.test.kit.js';
import { exploreInUnits } from './explore-in-units.js';
import type { SearchPlan } from './plan.js';

const PROGRAMS = Number(process.env['LMP_PROGRAMS'] ?? 500);
const SEED = Number(process.env['LMP_SEED'] ?? 20260801);
const extra = { digest: toyDigest };

const ends = (found: Exploration) => ({
  complete: found.complete,
  bound: found.bound,
  outcomes: found.outcomes.map(({ key }) => key),
  stuck: found.ends.stuckAt.map(({ key }) => key),
});

/** Small enough for a program of a few hundred steps to fall into many parts. */
const anyPlan: fc.Arbitrary<SearchPlan> = fc.record(
  {
    reduction: fc.constantFrom('dpor', 'none'),
    sleepSets: fc.boolean(),
    memo: fc.boolean(),
    revisits: fc.constantFrom(false, true, 'forget-nothing' as const),
    maxPreemptions: fc.nat(3),
    wholeSteps: fc.integer({ min: 1, max: 300 }),
    unitSteps: fc.integer({ min: 1, max: 60 }),
  },
  { requiredKeys: ['wholeSteps', 'unitSteps'] },
);

it('finds in parts what the whole search finds, under each plan', () => {
  let parts = 0;
  fc.assert(
    fc.property(anySpec, anyPlan, (spec, plan) => {
      const program = programOf(spec);
      const { wholeSteps: _whole, unitSteps: _unit, ...options } = plan;
      const whole = explore(program, { ...options, digest: toyDigest, maxExecutions: 1_000 });
      // Nothing keeps parts from repeating each other where nothing sleeps: small ones will do.
      fc.pre(whole.complete && (plan.sleepSets !== false || whole.stats.executions < 30));
      const { exploration, saved } = exploreInUnits(program, { ...plan, extra });
      expect(ends(exploration)).toEqual(ends(whole));
      expect(saved.pending).toEqual([]);
      parts += saved.nextId;
    }),
    { numRuns: PROGRAMS, seed: SEED, maxSkipsPerRun: 20 },
  );
  expect(parts).toBeGreaterThan(PROGRAMS * 3);
}, 300_000);

it('explores no trace twice, though the parts do not talk to each other', () => {
  fc.assert(
    fc.property(anySpec, fc.integer({ min: 1, max: 100 }), (spec, unitSteps) => {
      const program = tracing(programOf(spec));
      const whole = explore(program, { memo: false, maxExecutions: 1_000 });
      fc.pre(whole.complete);
      const { exploration } = exploreInUnits(program, { memo: false, wholeSteps: unitSteps, unitSteps });
      expect(ends(exploration)).toEqual(ends(whole));
      expect(exploration.outcomes.map(({ count }) => count)).toEqual(whole.outcomes.map(() => 1));
    }),
    { numRuns: PROGRAMS / 2, seed: SEED + 1, maxSkipsPerRun: 20 },
  );
}, 300_000);

it('is the same to the byte as the whole search where one part suffices', () => {
  fc.assert(
    fc.property(anySpec, (spec) => {
      const program = programOf(spec);
      const whole = explore(program, { digest: toyDigest, maxExecutions: 500 });
      fc.pre(whole.complete);
      expect(canonicalJson(exploreInUnits(program, { extra }).exploration)).toBe(canonicalJson(whole));
    }),
    { numRuns: PROGRAMS / 2, seed: SEED + 2, maxSkipsPerRun: 20 },
  );
}, 300_000);

it('ends the same when it was stopped and resumed at any place, as often as one likes', () => {
  fc.assert(
    fc.property(anySpec, anyPlan, fc.array(fc.nat(40), { maxLength: 5 }), (spec, plan, stops) => {
      const program = programOf(spec);
      const { wholeSteps: _whole, unitSteps: _unit, ...options } = plan;
      const { complete, stats } = explore(program, { ...options, digest: toyDigest, maxExecutions: 500 });
      fc.pre(complete && (plan.sleepSets !== false || stats.executions < 30));
      const straight = exploreInUnits(program, { ...plan, extra });
      let saved = undefined;
      for (const after of stops) {
        let asked = 0;
        const part = exploreInUnits(program, {
          ...plan,
          extra,
          stop: () => asked++ >= after,
          ...(saved === undefined ? {} : { resume: saved }),
        });
        // As it comes back from a file.
        saved = JSON.parse(JSON.stringify(part.saved)) as typeof part.saved;
      }
      const resumed = exploreInUnits(program, { ...plan, extra, ...(saved === undefined ? {} : { resume: saved }) });
      expect(canonicalJson(resumed.exploration)).toBe(canonicalJson(straight.exploration));
    }),
    { numRuns: PROGRAMS / 2, seed: SEED + 3, maxSkipsPerRun: 20 },
  );
}, 300_000);

it('stops at a bound, says what was done, and finds the rest from there', () => {
  const spec = fc.sample(anySpec, { numRuns: 200, seed: 4 }).find((one) => {
    const { executions } = explore(programOf(one), { memo: false, maxExecutions: 2_000 }).stats;
    return executions > 300 && executions < 2_000;
  });
  if (spec === undefined) throw new Error('no program of the wanted size');
  const program = programOf(spec);
  const plan = { memo: false, wholeSteps: 100, unitSteps: 100 };
  const { exploration, saved } = exploreInUnits(program, { ...plan, maxExecutions: 50 });
  expect(exploration.complete).toBe(false);
  expect(exploration.bound).toBe(`stopped after ${String(exploration.stats.executions)} executions`);
  expect(exploration.stats.executions).toBeGreaterThanOrEqual(50);
  expect(saved.pending.length).toBeGreaterThan(0);
  const resumed = exploreInUnits(program, { ...plan, resume: saved }).exploration;
  expect(canonicalJson(resumed)).toBe(canonicalJson(exploreInUnits(program, plan).exploration));
  expect(exploreInUnits(program, { ...plan, maxSteps: 500 }).exploration.bound).toMatch(/^stopped after \d+ steps$/);
});
