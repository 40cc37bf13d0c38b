// SPDX-License-Identifier: GPL-2.0-only
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { explore } from '../explore.js';
import { crowd } from '../parallel/toy-programs.test.kit.js';
import { anySpec, programOf } from '../random-program.test.kit.js';
import { advise } from './advice.js';
import type { Progress } from './progress.js';
import { treeSize } from './tree-size.js';
import { exploreWatched, trial } from './trial.js';

describe('the number of schedules', () => {
  it('is estimated as the plain search counts it, within five standard errors', () => {
    fc.assert(
      fc.property(anySpec, fc.constantFrom(undefined, 0, 1, 2), (spec, maxPreemptions) => {
        const program = programOf(spec);
        const all = explore(program, {
          reduction: 'none',
          memo: false,
          maxExecutions: 2_000,
          ...(maxPreemptions === undefined ? {} : { maxPreemptions }),
        });
        fc.pre(all.complete);
        const { schedules, steps } = treeSize(program, 5, 400, maxPreemptions);
        const { executions } = all.stats;
        expect(Math.abs(schedules.mean - executions)).toBeLessThanOrEqual(5 * schedules.spread * schedules.mean + 1e-6);
        expect(schedules.log10).toBeCloseTo(Math.log10(schedules.mean), 6);
        const total = all.stats.steps + all.stats.replayedSteps;
        expect(Math.abs(steps.mean - total)).toBeLessThanOrEqual(5 * steps.spread * steps.mean + 1e-6);
      }),
      { numRuns: 80, seed: 41, maxSkipsPerRun: 20 },
    );
  });

  it('may be larger than a number holds', () => {
    const { schedules, tasks, longest } = treeSize(crowd({ tasks: 30, writes: 20 }), 1, 20);
    // 600! / 20!^30
    expect(schedules.log10).toBeGreaterThan(800);
    expect(schedules.mean).toBe(Infinity);
    expect([tasks, longest]).toEqual([30, 600]);
  });
});

describe('a search that runs', () => {
  const program = crowd({ tasks: 4, writes: 2 });

  it('tells about executions, steps, states, rate and the whole', () => {
    const told: Progress[] = [];
    let nowMs = 0;
    const { stats } = exploreWatched(program, { memo: false, now: () => (nowMs += 10) }, (progress) => {
      told.push(progress);
    });
    expect(told.length).toBe(Math.floor((stats.executions - 1) / 1_000));
    const last = told.at(-1);
    expect(last).toMatchObject({ executions: told.length * 1_000, states: 0 });
    // All of its subtrees are alike, so that near the end nearly nothing is unknown.
    expect(last?.estimate).toBeGreaterThan(stats.executions * 0.9);
    expect(last?.estimate).toBeLessThan(stats.executions * 1.1);
    expect(last?.rate).toBe(Math.round(((last?.steps ?? 0) * 1_000) / (10 * told.length)));
  });

  it('is estimated from its beginning, within the spread that it shows', () => {
    const { stats } = explore(program, { memo: false });
    const tried = trial(program, { memo: false }, 4_000);
    expect(tried.complete).toBe(false);
    expect(tried.lowExecutions).toBeLessThanOrEqual(tried.executions);
    expect(tried.highExecutions).toBeGreaterThanOrEqual(tried.executions);
    expect(tried.executions).toBeGreaterThan(stats.executions / 4);
    expect(tried.executions).toBeLessThan(stats.executions * 4);
    expect(trial(program, { memo: false }, 1_000_000)).toMatchObject({ complete: true, executions: stats.executions });
  });
});

describe('advice', () => {
  it('is to explore the whole where that is affordable', () => {
    const advice = advise(crowd({ tasks: 2, writes: 2 }), { affordSteps: 1_000 });
    expect(advice).toMatchObject({ use: 'explore', trial: { complete: true, executions: 6 } });
    expect(advice.text).toMatch(/^explore it whole: 6 schedules \(± \d+%\); 6 executions, \d+ steps with reduction$/);
  });

  it('is a bound on preemptions for more, with numbers that the search confirms', () => {
    const program = crowd({ tasks: 5, writes: 4 });
    const advice = advise(program, { affordSteps: 1_000_000, trialSteps: 20_000, search: { memo: false } });
    expect(advice.use).toBe('preemptions');
    const { preemptions = -1 } = advice;
    const { complete, stats } = explore(program, { maxPreemptions: preemptions, memo: false });
    expect(complete).toBe(true);
    expect(stats.steps + stats.replayedSteps).toBeLessThan(1_300_000);
    expect(advice.bounded[preemptions]?.schedules.mean).toBeGreaterThan(stats.executions * 0.7);
    expect(advice.text).toContain(`bound it to ${String(preemptions)} preemption`);
    expect(advice.bounded[preemptions + 1]?.steps.mean).toBeGreaterThan(1_000_000);
  });

  it('is a sample where not even that is', () => {
    const advice = advise(crowd({ tasks: 9, writes: 5 }), { affordSteps: 20_000 });
    expect(advice).toMatchObject({ use: 'sample', schedules: 444 });
    expect(advice.text).toMatch(
      /^sample it: 444 schedules of up to 45 steps; PCT shows a bug of depth 2 in at least one of 405\. The whole: 10\^\d+\.\d schedules/,
    );
  });

  it('needs to know what is affordable', () => {
    expect(() => advise(crowd({ tasks: 1, writes: 1 }), { affordSteps: 0 })).toThrow(
      expect.objectContaining({ code: 'LMP-306' }),
    );
  });
});
