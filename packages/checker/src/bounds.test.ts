// SPDX-License-Identifier: GPL-2.0-only
import type { Program } from '@libmultipath/kernel';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { explore } from './explore.js';
import { anySpec, programOf, toyDigest } from './random-program.test.kit.js';
import * as toy from './toy.test.kit.js';

/** `count` tasks that each write one shared cell twice. */
const crowd = (count: number): Program =>
  toy.program('crowd', (machine) => {
    const cell = new toy.cell();
    for (let index = 0; index < count; index++) {
      machine.spawn(`t${String(index)}`, function* () {
        yield* toy.write(cell, index);
        yield* toy.write(cell, index);
      });
    }
    return () => cell.value;
  });

describe('a bound that is reached', () => {
  it('is the verdict', () => {
    expect(explore(crowd(4), { maxExecutions: 1_000 })).toMatchObject({
      complete: false,
      bound: 'stopped after 1,000 executions',
      stats: { executions: 1_000 },
    });
    expect(explore(crowd(4), { maxSteps: 500 })).toMatchObject({ complete: false, bound: 'stopped after 500 steps' });
  });

  it('may be time, by a clock that is given', () => {
    let nowMs = 0;
    const found = explore(crowd(4), { timeMs: 50, now: () => nowMs++ });
    expect(found).toMatchObject({ complete: false, bound: 'stopped after 50 milliseconds' });
    expect(found.stats.executions).toBeGreaterThan(10);
  });

  it('leaves a search complete that needed just as much', () => {
    const { executions } = explore(crowd(2)).stats;
    expect(explore(crowd(2), { maxExecutions: executions })).toMatchObject({ complete: true });
    expect(explore(crowd(2), { maxExecutions: executions - 1 })).toMatchObject({ complete: false });
  });
});

describe('a bound on preemptions', () => {
  it('of none runs each task as long as it can', () => {
    const found = explore(crowd(3), { maxPreemptions: 0 });
    expect(found).toMatchObject({ complete: true, bound: 'complete up to 0 preemptions (sequential consistency)' });
    expect(found.stats.executions).toBe(6);
  });

  it('finds with each preemption at least as much, and with many everything', () => {
    fc.assert(
      fc.property(anySpec, fc.boolean(), (spec, memo) => {
        const program = programOf(spec);
        const all = explore(program, { reduction: 'none', memo: false, maxExecutions: 1_000 });
        fc.pre(all.complete);
        let before: readonly string[] = [];
        for (const maxPreemptions of [0, 1, 2, 99]) {
          const keys = explore(program, { maxPreemptions, memo, digest: toyDigest }).outcomes.map(({ key }) => key);
          expect(keys).toEqual(expect.arrayContaining([...before]));
          before = keys;
        }
        expect(before).toEqual(all.outcomes.map(({ key }) => key));
      }),
      { numRuns: 100, seed: 8 },
    );
  }, 120_000);
});

it.each([{ maxExecutions: 0 }, { maxSteps: 1.5 }, { maxPreemptions: -1 }, { timeMs: 100 }])('refuses %j', (options) => {
  expect(() => explore(crowd(1), options)).toThrow(expect.objectContaining({ code: 'LMP-306' }));
});

it('tells about its progress', () => {
  const told: number[] = [];
  explore(crowd(4), { memo: false, onProgress: ({ executions }) => told.push(executions) });
  expect(told.slice(0, 2)).toEqual([1_000, 2_000]);
});
