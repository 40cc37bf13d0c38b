// SPDX-License-Identifier: GPL-2.0-only
import { currentMachine, type Program } from '@libmultipath/kernel';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { canonicalJson } from './canonical-json.js';
import { FailedRun } from './choice.js';
import { explore } from './explore.js';
import { anySpec, programOf, toyDigest } from './random-program.test.kit.js';
import { replay } from './replay.js';
import { sample } from './sample.js';
import * as toy from './toy.test.kit.js';

/** Two writers of one cell; `reported` warns when b was last. */
const race = (reported = false): Program =>
  toy.program('race', (machine) => {
    const cell = new toy.cell();
    machine.spawn('a', () => toy.write(cell, 1));
    machine.spawn('b', function* () {
      yield* toy.write(cell, 2);
      if (reported) currentMachine().report('warning', 'WARNING: b wrote', cell);
    });
    return () => cell.value;
  });

const caught = (body: () => unknown): unknown => {
  try {
    return body();
  } catch (error) {
    return error;
  }
};

it('replays the schedule of every outcome and stuck state to the same one', () => {
  fc.assert(
    fc.property(anySpec, (spec) => {
      const program = programOf(spec);
      const found = explore(program, { digest: toyDigest, maxExecutions: 300 });
      for (const { key, schedule } of found.outcomes) {
        expect(replay(program, schedule)).toMatchObject({ end: 'finished' });
        expect(canonicalJson(replay(program, schedule).outcome)).toBe(key);
      }
      for (const { blocked, schedule } of found.ends.stuckAt) {
        expect(replay(program, schedule)).toMatchObject({ end: 'stuck', blocked });
      }
    }),
    { numRuns: 60, seed: 5 },
  );
});

it('gives the same bytes twice, and the sampler too for one seed', () => {
  fc.assert(
    fc.property(anySpec, fc.integer(), (spec, seed) => {
      const bytes = (): string =>
        canonicalJson([
          explore(programOf(spec), { digest: toyDigest, maxExecutions: 300 }),
          sample(programOf(spec), { seed, schedules: 20 }),
        ]);
      expect(bytes()).toBe(bytes());
    }),
    { numRuns: 60, seed: 6 },
  );
});

it('samples only outcomes that the search finds, and both of a race', () => {
  const found = explore(race()).outcomes.map(({ key }) => key);
  expect(sample(race(), { seed: 7, schedules: 50 })).toMatchObject({
    complete: false,
    bound: 'sampled 50 schedules, seed 7',
  });
  expect(sample(race(), { seed: 7, schedules: 50 }).outcomes.map(({ key }) => key)).toEqual(found);
});

it('keeps one report for all schedules that give it, with one of them', () => {
  const { reports } = explore(race(true));
  expect(reports).toHaveLength(1);
  expect(reports[0]).toMatchObject({
    count: 2,
    key: 'warning | cell | b | b: write cell.value | WARNING: b wrote',
    report: { message: 'WARNING: b wrote' },
  });
  expect(replay(race(true), reports[0]?.schedule ?? []).reports).toHaveLength(1);
});

describe('a schedule that does not fit', () => {
  const a = { task: 'a', site: 'a: write cell.value' };
  const b = { task: 'b', site: 'b: write cell.value' };

  it('is followed as far as it goes', () => {
    expect(replay(race(), [a])).toMatchObject({ end: 'stopped', outcome: 1, blocked: [b] });
    expect(replay(race(), [b, a])).toMatchObject({
      end: 'finished',
      outcome: 1,
      events: [
        { index: 0, ...b },
        { index: 1, ...a },
      ],
    });
  });

  it.each([
    ['a task that is gone', [a, a], 'choice 1 is a at a: write cell.value, but it cannot run there; b can'],
    [
      'another step',
      [{ ...a, site: 'a: read cell.value' }],
      'choice 0 is a at a: read cell.value, but it stands at a: write cell.value',
    ],
    ['more than there is', [a, b, a], 'choice 2 is a at a: write cell.value, but the run has ended'],
  ])('is refused at the first place that differs: %s', (_what, schedule, message) => {
    expect(caught(() => replay(race(), schedule))).toMatchObject({ code: 'LMP-303', message });
  });
});

describe('a program that is wrong', () => {
  it('whose kernel code throws is a numbered error with the schedule', () => {
    const program = toy.program('throws', (machine) => {
      const cell = new toy.cell();
      machine.spawn('a', () => toy.write(cell, 1));
      machine.spawn('b', function* () {
        if ((yield* toy.read(cell)) === 0) throw new TypeError('no such thing');
      });
      return () => null;
    });
    const schedule = [{ task: 'b', site: 'b: read cell.value' }];
    for (const error of [
      caught(() => explore(program)),
      caught(() => sample(program, { seed: 1, schedules: 20 })),
      caught(() => replay(program, schedule)),
    ]) {
      expect(error).toMatchObject({
        code: 'LMP-301',
        where: 'program throws, task b, b: read cell.value',
        cause: { schedule },
      });
      expect(error).toHaveProperty('cause', expect.any(FailedRun));
    }
  });

  it('that remembers earlier runs is noticed', () => {
    let runs = 0;
    const program = toy.program('remembers', (machine) => {
      const [cell, other] = [new toy.cell(), new toy.cell()];
      runs++;
      machine.spawn('a', function* () {
        yield* runs > 1 ? toy.read(cell) : toy.write(cell, 1);
        yield* toy.write(other, 1);
      });
      machine.spawn('b', () => toy.write(other, 2));
      return () => null;
    });
    expect(caught(() => explore(program))).toMatchObject({ code: 'LMP-302' });
  });

  it('that never ends keeps the number of the machine', () => {
    const program: Program = {
      name: 'endless',
      options: { maxSteps: 100 },
      make(machine) {
        const cell = new toy.cell();
        machine.spawn('a', function* () {
          for (;;) yield* toy.write(cell, 1);
        });
        return { outcome: () => null };
      },
    };
    expect(caught(() => explore(program))).toMatchObject({ code: 'LMP-003', cause: { schedule: { length: 101 } } });
  });
});
