// SPDX-License-Identifier: GPL-2.0-only
import { describe, expect, it } from 'vitest';
import type { Findings } from '../exploration.js';
import { findingsOf } from '../finding/collect.js';
import { explore } from '../explore.js';
import { sample } from '../sample.js';
import { exploreSources, type ParallelOptions } from './explore-sources.js';
import { crowd, warnsOrLoops } from './toy-programs.test.kit.js';
import { fromSource, toyProgram } from './worker-entry.test.kit.js';

const run = (sources: Parameters<typeof exploreSources>[0], options: Partial<ParallelOptions> = {}) =>
  exploreSources(sources, { workers: 1, entry: fromSource, ...options });

describe('a quick look', () => {
  it('explores what is small whole, draws schedules of the rest, and says what that promises', async () => {
    const large = { tasks: 4, writes: 12, warns: 2 };
    const { results, checkpoint } = await run([toyProgram('crowd', large), toyProgram('plain')], {
      workers: 0,
      look: { seed: 3 },
      timeMs: 1_500,
    });
    const [crowded, plain] = results.map(({ exploration }) => exploration);
    expect(plain).toMatchObject({ complete: true, bound: 'complete (sequential consistency)' });
    expect(crowded).toMatchObject({ complete: false, look: { seed: 3 } });
    expect(crowded?.bound).toMatch(
      /sampled \d[\d,]* schedules by POS and \d+ by PCT, seed 3 \(PCT: a bug of depth 3 in one schedule of 4 tasks × 48 steps\^2 = 9,216, all together at least [\d.e-]+%\)$/,
    );
    expect(crowded?.reports).toHaveLength(1);
    // What was drawn is drawn again by its seed and number.
    const pos = crowded?.look?.pos ?? 0;
    const again = sample(crowd(large), { method: 'pos', seed: 3, schedules: pos });
    expect(pos).toBeGreaterThan(3);
    expect(again.outcomes.every(({ key }) => crowded?.outcomes.some((one) => one.key === key))).toBe(true);
    expect(checkpoint).toBeUndefined();
  });

  it('names the function that never comes back', async () => {
    const { results } = await run([toyProgram('endless'), toyProgram('plain')], {
      look: { seed: 1 },
      timeMs: 20_000,
      stallMs: 1_000,
    });
    expect(results[0]?.error).toMatchObject({
      code: 'LMP-341',
      where: 'toy-programs.test.kit.ts: endless < choose_path',
    });
    expect(results[1]?.exploration.complete).toBe(true);
  }, 60_000);
});

describe('findings, made in the threads', () => {
  const warning = { tasks: 3, writes: 3, warns: 1 };

  it('are those that would be made here', async () => {
    const { results } = await run([toyProgram('crowd', warning)], { collect: () => ({}) });
    const program = crowd(warning);
    expect(results[0]?.findings).toEqual(findingsOf(program, explore(program)));
    expect(results[0]?.findings?.map(({ smallest }) => smallest)).toEqual([true]);
  });

  it('are not made smaller where a list tells them', async () => {
    const [one] = (await run([toyProgram('crowd', warning)], { collect: () => ({}) })).results[0]?.findings ?? [];
    if (one === undefined) throw new Error('nothing was found');
    const listed = [{ id: one.id }];
    const { results } = await run([toyProgram('crowd', warning)], {
      collect: () => ({ listed, listedShrinkSteps: 0 }),
    });
    expect(results[0]?.findings).toMatchObject([{ id: one.id, smallest: false }]);
  });

  it('a schedule that never comes back while another is made smaller is an error that names it', async () => {
    const drawn = (seed: number) => ({ method: 'walk', seed, schedules: 1 }) as const;
    const seeds = Array.from({ length: 50 }, (_, seed) => seed);
    const warned = ({ reports }: Findings): boolean => reports.some(({ report }) => report.class === 'warning');
    const seed = seeds.find((one) => warned(sample(warnsOrLoops({ may: false }), drawn(one))));
    if (seed === undefined) throw new Error('no seed shows the warning');
    const how = { sample: drawn(seed), collect: () => ({}), stallMs: 1_000 };
    const { results } = await run([toyProgram('warnsOrLoops', { may: true })], how);
    expect(results[0]?.exploration).toSatisfy(warned);
    expect(results[0]?.error).toMatchObject({ code: 'LMP-341', message: expect.stringMatching(/^spin .*submitter$/) });
  }, 60_000);
});

describe('a stop', () => {
  const hour = 3_600_000;

  it('by a signal ends soon also a callback that never comes back', async () => {
    const how = { signal: AbortSignal.timeout(3_000), stallMs: hour, collect: () => ({}) };
    const { results } = await run([toyProgram('endless')], how);
    expect(results[0]?.exploration).toMatchObject({ complete: false, bound: 'stopped on request' });
  }, 60_000);

  it('by the end of the time does so too, and names it, since it computed without a step', async () => {
    const { results } = await run([toyProgram('endless')], { timeMs: 12_000, stallMs: hour, collect: () => ({}) });
    expect(results[0]?.exploration.complete).toBe(false);
    expect(results[0]?.error).toMatchObject({ code: 'LMP-341', message: expect.stringMatching(/^spin, .*submitter$/) });
  }, 90_000);
});
