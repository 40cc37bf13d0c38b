// SPDX-License-Identifier: GPL-2.0-only
import { outcomeKey, STUCK, type Json, type Outcome, type Scenario } from '@libmultipath/contract';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Allowed } from './allowed-outcomes.js';
import { countOutcomes, judge } from './judge.js';

const labels = ['head', 'paths-of r1', 'x'];
const scenario: Scenario = {
  name: 's',
  title: 'S',
  driver: 'toy',
  file: 's.scenario.yaml',
  needs: [],
  topology: {},
  maxOutcomes: 8,
  windowSecs: undefined,
  demand: undefined,
  steps: [
    { kind: 'do', verb: 'press', args: 'a', line: 3, column: 5 },
    { kind: 'observe', observation: 'head', args: undefined, label: 'head', line: 4, column: 5 },
    { kind: 'observe', observation: 'paths-of', args: 'r1', label: 'paths-of r1', line: 5, column: 5 },
    { kind: 'observe', observation: 'total', args: undefined, label: 'x', line: 6, column: 5 },
  ],
};
const allow = (outcomes: readonly Outcome[], more: Partial<Allowed> = {}): Allowed => ({
  model: 'm',
  outcomes,
  complete: true,
  bound: 'complete',
  reports: [],
  ...more,
});
const outcome = (...values: readonly Json[]): Outcome =>
  Object.fromEntries(labels.map((label, index) => [label, values[index] ?? null]));

describe('the first difference', () => {
  it('is the first observation whose value no outcome has that agreed so far', () => {
    const allowed = allow([outcome(1, 'a', 1), outcome(1, 'b', 2), outcome(2, 'c', 3)]);
    const verdict = judge(scenario, allowed, countOutcomes([outcome(1, 'c', 3)]));
    expect(verdict.verdict).toBe('diverge');
    expect(verdict.differences).toEqual([
      {
        step: 'observe: { paths-of: r1 }',
        observation: 'paths-of r1',
        model: ['a', 'b'],
        kernel: 'c',
        file: 's.scenario.yaml',
        line: 5,
      },
    ]);
  });

  it('is a mixture when each value is allowed but not together', () => {
    const verdict = judge(
      scenario,
      allow([outcome(1, 'a', 1), outcome(2, 'a', 2)]),
      countOutcomes([outcome(1, 'a', 2)]),
    );
    expect(verdict.differences).toEqual([
      { step: 'observe: { total:, as: x }', observation: 'x', model: [1], kernel: 2, file: 's.scenario.yaml', line: 6 },
    ]);
  });

  it('is where the model hangs and the kernel does not', () => {
    const stuck: Outcome = { head: 1, [STUCK]: '5: detach' };
    const verdict = judge(scenario, allow([stuck]), countOutcomes([outcome(1, 'a', 1)]));
    expect(verdict.differences[0]).toMatchObject({ observation: 'paths-of r1', kernel: 'a', model: [null] });
  });

  it('is told once for outcomes that leave the model in the same way', () => {
    const verdict = judge(
      scenario,
      allow([outcome(1, 'a', 1)]),
      countOutcomes([outcome(2, 'a', 1), outcome(2, 'b', 1)]),
    );
    expect(verdict.differences).toHaveLength(1);
    expect(verdict.outcomes.filter((row) => row.seen > 0)).toHaveLength(2);
  });
});

describe('a verdict', () => {
  it('keeps a model’s own reports in sight, also where the kernel agrees', () => {
    const verdict = judge(
      scenario,
      allow([outcome(1)], { reports: ['BUG: x', 'WARNING: y'] }),
      countOutcomes([outcome(1)]),
    );
    expect(verdict).toMatchObject({
      verdict: 'agree',
      reason: 'model m itself reports in some schedule: BUG: x (and 1 more)',
    });
  });

  it('is what the unusable set says, whatever the kernel showed', () => {
    const unusable = { verdict: 'too-loose', reason: 'r' } as const;
    expect(judge(scenario, allow([outcome(1)], { unusable }), countOutcomes([outcome(1)]))).toMatchObject({
      verdict: 'too-loose',
      reason: 'r',
    });
  });

  it('is an error without a run', () => {
    expect(judge(scenario, allow([outcome(1)]), []).verdict).toBe('error');
  });

  it('is an error, never agreement, when the demanded order did not come', () => {
    const demanding: Scenario = { ...scenario, demand: { observation: 'head', value: [1, 2] } };
    const allowed = allow([outcome([1, 2])]);
    expect(judge(demanding, allowed, countOutcomes([outcome([2, 1])]))).toMatchObject({
      verdict: 'error',
      observations: 0,
    });
    expect(judge(demanding, allowed, countOutcomes([outcome([1, 2])])).verdict).toBe('agree');
  });

  it('is a divergence when the kernel has the demanded order and no schedule of the model has', () => {
    const demanding: Scenario = { ...scenario, demand: { observation: 'head', value: [1, 2] } };
    const unusable = { verdict: 'error', reason: 'no schedule' } as const;
    const allowed = allow([], { unusable, instead: [outcome([2, 1])] });
    expect(judge(demanding, allowed, countOutcomes([outcome([1, 2])]))).toMatchObject({
      verdict: 'diverge',
      differences: [{ observation: 'head', kernel: [1, 2], model: [[2, 1]], line: 4 }],
    });
    for (const seen of [[], [outcome([3])]]) {
      expect(judge(demanding, allowed, countOutcomes(seen))).toMatchObject({ verdict: 'error', reason: 'no schedule' });
    }
  });
});

const value = fc.constantFrom<Json>(1, 2, 'a', null, ['a', 'b'], { present: true, n: 1 });
const outcomes = fc.tuple(value, value, value).map(([a, b, c]) => outcome(a, b, c));

it('agrees exactly when every outcome seen is a member of the set', () => {
  fc.assert(
    fc.property(
      fc.array(outcomes, { minLength: 1, maxLength: 8 }),
      fc.array(outcomes, { minLength: 1, maxLength: 4 }),
      (set, seen) => {
        const keys = new Set(set.map(outcomeKey));
        const member = seen.every((one) => keys.has(outcomeKey(one)));
        const verdict = judge(scenario, allow(set), countOutcomes(seen));
        expect(verdict.verdict).toBe(member ? 'agree' : 'diverge');
        expect(verdict.differences.length > 0).toBe(!member);
        for (const { kernel, model } of verdict.differences) {
          expect(model.length).toBeGreaterThan(0);
          expect(model.map((one) => JSON.stringify(one))).not.toContain(JSON.stringify(kernel));
        }
        expect(verdict.runs).toBe(seen.length);
      },
    ),
  );
});

it('does not depend on the order of outcomes, nor of keys in them', () => {
  const turned = (one: Outcome): Outcome => Object.fromEntries(Object.entries(one).reverse());
  fc.assert(
    fc.property(
      fc.array(outcomes, { minLength: 1, maxLength: 6 }),
      fc.array(outcomes, { minLength: 1, maxLength: 4 }),
      (set, seen) => {
        const straight = judge(scenario, allow(set), countOutcomes(seen));
        const reversed = judge(
          scenario,
          allow(set.toReversed().map(turned)),
          countOutcomes(seen.toReversed().map(turned)),
        );
        expect(reversed).toEqual(straight);
      },
    ),
  );
});
