// SPDX-License-Identifier: GPL-2.0-only
import type { Program } from '@libmultipath/kernel';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { canonicalJson } from '../canonical-json.js';
import { explore } from '../explore.js';
import { anySpec, programOf, toyDigest } from '../random-program.test.kit.js';
import { replay } from '../replay.js';
import { sample } from '../sample.js';
import * as toy from '../toy.test.kit.js';
import type { SampleMethod } from './sampler.js';

const METHODS: readonly SampleMethod[] = ['walk', 'pct', 'pos'];

/** One task writes its own cells and then the shared one; the other looks at that once. */
const late = (writes: number): Program =>
  toy.program('late', (machine) => {
    const [own, shared] = [new toy.cell(), new toy.cell()];
    let seen = 0;
    machine.spawn('writer', function* () {
      for (let nth = 0; nth < writes; nth++) yield* toy.write(own, nth);
      yield* toy.write(shared, 1);
    });
    machine.spawn('reader', function* () {
      seen = yield* toy.read(shared);
    });
    return () => seen;
  });

/** `b` has to run whole between two steps of `a`: two orderings, one step among many where it can happen. */
const window = (length: number): Program =>
  toy.program('window', (machine) => {
    const [shared, a, b] = [new toy.cell(), new toy.cell(), new toy.cell()];
    let inside = false;
    machine.spawn('a', function* () {
      for (let nth = 0; nth < length; nth++) yield* toy.write(a, nth);
      yield* toy.write(shared, 1);
      yield* toy.write(shared, 0);
    });
    machine.spawn('b', function* () {
      for (let nth = 0; nth < length; nth++) yield* toy.write(b, nth);
      inside = (yield* toy.read(shared)) === 1;
    });
    return () => inside;
  });

const countOf = (found: ReturnType<typeof sample>, value: unknown): number =>
  found.outcomes.find(({ key }) => key === canonicalJson(value))?.count ?? 0;

it.each(METHODS)('%s gives only what the search finds, and schedules that replay to it', (method) => {
  fc.assert(
    fc.property(anySpec, fc.integer(), (spec, seed) => {
      const program = programOf(spec);
      const all = explore(program, { digest: toyDigest, maxExecutions: 3_000 });
      fc.pre(all.complete);
      const found = sample(program, { method, seed, schedules: 20 });
      expect(found.ends.finished + found.ends.stuck).toBe(20);
      expect(all.outcomes.map(({ key }) => key)).toEqual(expect.arrayContaining(found.outcomes.map(({ key }) => key)));
      expect(all.ends.stuckAt.map(({ key }) => key)).toEqual(
        expect.arrayContaining(found.ends.stuckAt.map(({ key }) => key)),
      );
      for (const { key, schedule } of found.outcomes) {
        expect(canonicalJson(replay(program, schedule).outcome)).toBe(key);
      }
    }),
    { numRuns: 40, seed: 21 },
  );
});

it.each(METHODS)('%s draws one schedule again from its seed and number alone', (method) => {
  fc.assert(
    fc.property(anySpec, fc.integer(), fc.nat(9), (spec, seed, first) => {
      const program = programOf(spec);
      const endings = (from: number, schedules: number): string[] => {
        const { outcomes, ends } = sample(program, { method, seed, first: from, schedules });
        return [...outcomes, ...ends.stuckAt]
          .flatMap(({ key, count }) => Array.from({ length: count }, () => key))
          .sort();
      };
      const [whole, before, one, after] = [
        endings(0, 11),
        first > 0 ? endings(0, first) : [],
        endings(first, 1),
        first < 10 ? endings(first + 1, 10 - first) : [],
      ];
      expect(one).toHaveLength(1);
      expect([...before, ...one, ...after].sort()).toEqual(whole);
      expect(canonicalJson(sample(program, { method, seed, first, schedules: 1 }))).toBe(
        canonicalJson(sample(program, { method, seed, first, schedules: 1 })),
      );
    }),
    { numRuns: 40, seed: 22 },
  );
});

describe('PCT', () => {
  it.each([1, 2, 3, 4, 5])('finds a bug of depth 2 at least as often as it promises, seed %i', (seed) => {
    const schedules = 8_000;
    const found = sample(window(20), { method: 'pct', seed, schedules, depth: 2 });
    expect(found.chance).toMatchObject({ depth: 2, tasks: 2, steps: 43, oneIn: 86, longer: 0 });
    const mean = schedules / 86;
    // Four standard deviations below the mean: less than one run in 30,000.
    expect(countOf(found, true)).toBeGreaterThan(mean - 4 * Math.sqrt(mean));
  });

  it('finds it by the change point, not by luck: with depth 1 never', () => {
    expect(countOf(sample(window(20), { method: 'pct', seed: 1, schedules: 2_000, depth: 1 }), true)).toBe(0);
  });

  it('states the odds in its verdict', () => {
    expect(sample(window(20), { method: 'pct', seed: 7, schedules: 1_000, depth: 3 }).bound).toBe(
      'sampled 1,000 schedules, seed 7 (PCT: a bug of depth 3 in one schedule of 2 tasks × 43 steps^2 = 3,698, all together at least 23.7%)',
    );
    expect(sample(window(3), { method: 'pct', seed: 7, schedules: 10, depth: 2, steps: 4 }).chance).toMatchObject({
      steps: 4,
      longer: 10,
      together: 0,
    });
  });

  it('does not starve anybody for ever', () => {
    const spinning = toy.program('spinning', (machine) => {
      const flag = new toy.cell();
      machine.spawn('spinner', function* () {
        while ((yield* toy.read(flag)) === 0);
      });
      machine.spawn('setter', () => toy.write(flag, 1));
      return () => flag.value;
    });
    const found = sample(spinning, { method: 'pct', seed: 3, schedules: 200 });
    expect(found.ends).toMatchObject({ finished: 200, stuck: 0 });
  });
});

it('POS meets an order of two racing steps that a random walk does not', () => {
  const schedules = 2_000;
  const walk = countOf(sample(late(20), { method: 'walk', seed: 5, schedules }), 1);
  const pos = countOf(sample(late(20), { method: 'pos', seed: 5, schedules }), 1);
  // The reader is last of 22 priorities, against twenty coins that all fall the same way.
  expect(pos).toBeGreaterThan(schedules / 22 / 2);
  expect(walk).toBeLessThan(10);
});

it.each(['end', 'settled', 'step'] as const)('reports what does not hold, also where the search would: %s', (when) => {
  const settling: Program = {
    ...toy.program('settling', (machine) => {
      const cell = new toy.cell();
      machine.globals.set('cell', cell);
      machine.spawn('a', function* () {
        yield* toy.write(cell, 1);
        yield* toy.settle(machine, cell);
        yield* toy.write(cell, 2);
      });
      machine.spawn('b', () => toy.add(cell, 0));
      return () => cell.value;
    }),
    properties: [
      {
        name: 'never so',
        class: 'warning',
        when,
        check: ({ globals }) => {
          const cell = globals.get('cell');
          return cell instanceof toy.cell && cell.value === (when === 'end' ? 2 : 1) ? 'it is so' : undefined;
        },
      },
    ],
  };
  const found = sample(settling, { seed: 1, schedules: 5 });
  expect(found.reports.map(({ key }) => key)).toEqual(explore(settling, { memo: false }).reports.map(({ key }) => key));
  expect(found.reports).toHaveLength(1);
});

it('stops when its time is over, and says so', () => {
  let nowMs = 0;
  const found = sample(late(2), { method: 'pos', seed: 5, schedules: 100, timeMs: 10, now: () => nowMs++ });
  expect(found).toMatchObject({
    complete: false,
    bound: 'sampled 9 schedules, seed 5, stopped after 10 milliseconds (POS)',
    stats: { executions: 9 },
  });
});

it.each([{ schedules: 0 }, { schedules: 1, seed: 0.5 }, { schedules: 1, depth: 0 }, { schedules: 1, timeMs: 5 }])(
  'refuses %j',
  (options) => {
    expect(() => sample(late(1), { seed: 1, ...options })).toThrow(expect.objectContaining({ code: 'LMP-306' }));
  },
);
