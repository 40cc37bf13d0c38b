// SPDX-License-Identifier: GPL-2.0-only
import { expect, it } from 'vitest';
import type { Checkpoint } from '../checkpoint/checkpoint.js';
import type { Exploration } from '../exploration.js';
import { explore } from '../explore.js';
import { quick } from '../quick/quick.js';
import { sample } from '../sample.js';
import { exploreSources, type ParallelOptions } from './explore-sources.js';
import { crowd } from './toy-programs.test.kit.js';
import { fromSource, toyProgram } from './worker-entry.test.kit.js';

const args = { tasks: 3, writes: 3, warns: 1 };
const parts = { wholeSteps: 400, unitSteps: 150, tellSteps: 100 };

const found = ({ complete, bound, outcomes, reports, ends }: Exploration) => ({
  complete,
  bound,
  outcomes: outcomes.map(({ key, schedule }) => [key, schedule]),
  reports: reports.map(({ key, schedule }) => [key, schedule]),
  stuck: ends.stuckAt.map(({ key }) => key),
});

const run = async (options: Partial<ParallelOptions>) => {
  const { results, checkpoint } = await exploreSources([toyProgram('crowd', args), toyProgram('plain')], {
    workers: 0,
    entry: fromSource,
    ...options,
  });
  return { found: results.map(({ exploration }) => found(exploration)), checkpoint };
};

it('explores 0, 1, 2 … preemptions as the quick search does, whatever the number of threads and parts', async () => {
  const here = await run({ upTo: 2 });
  const [crowded] = here.found;
  expect(crowded).toEqual(found(quick(crowd(args), { upTo: 2 })));
  expect(await run({ upTo: 2, workers: 2 })).toEqual(here);
  const split = await run({ upTo: 2, ...parts });
  expect(split.found.map(({ outcomes }) => outcomes.map(([key]) => key))).toEqual(
    here.found.map(({ outcomes }) => outcomes.map(([key]) => key)),
  );
});

it('ends with the whole when one preemption more adds nothing', async () => {
  const {
    found: [crowded, small],
  } = await run({ upTo: 50 });
  const whole = explore(crowd(args), { memo: false });
  expect(crowded?.bound).toBe('complete (sequential consistency)');
  expect(small?.bound).toBe('complete (sequential consistency)');
  expect(crowded?.outcomes.map(([key]) => key)).toEqual(whole.outcomes.map(({ key }) => key));
});

it('goes on from any checkpoint, also within the first part, to what it would have found', async () => {
  for (const plan of [
    { ...parts, upTo: 2 },
    { wholeSteps: 100_000, tellSteps: 300, revisits: false, memo: false },
  ]) {
    const saved: Checkpoint[] = [];
    const whole = await run({ ...plan, checkpointEveryMs: 0, onCheckpoint: (checkpoint) => saved.push(checkpoint) });
    const left = saved.filter(({ programs }) => programs.some(({ ledger }) => ledger.pending.length > 0));
    expect(left.length).toBeGreaterThan(2);
    for (const resume of [left[0], left[Math.floor(left.length / 2)], left.at(-1)]) {
      if (resume === undefined) continue;
      // As it comes back from a file.
      const again = await run({ ...plan, resume: structuredClone(resume) });
      expect(
        again.found.map(({ bound, outcomes, reports }) => [bound, outcomes.map(([key]) => key), reports.length]),
      ).toEqual(
        whole.found.map(({ bound, outcomes, reports }) => [bound, outcomes.map(([key]) => key), reports.length]),
      );
    }
  }
});

it('says of a program that is too large how large it seems, and what to do', async () => {
  const told: string[] = [];
  await exploreSources([toyProgram('crowd', { tasks: 5, writes: 4 })], {
    workers: 0,
    entry: fromSource,
    memo: false,
    maxSteps: 300_000,
    wholeSteps: 400_000,
    onProgress: ({ tooLarge }) => told.push(...tooLarge.map(({ text }) => text)),
  });
  expect(told.length).toBeGreaterThan(0);
  expect(told[0]).toMatch(/^about .* steps, of which 300,000 are allowed: bound the preemptions/);
});

it.each([
  ['few preemptions', { upTo: 1 }],
  ['a sample', { sample: { seed: 1, schedules: 50 } }],
])(
  'names the function that never comes back, with %s too',
  async (_mode, plan) => {
    const { results } = await exploreSources([toyProgram('endless'), toyProgram('plain')], {
      workers: 2,
      stallMs: 1_000,
      entry: fromSource,
      ...plan,
    });
    expect(results[0]?.error).toMatchObject({ code: 'LMP-341', message: expect.stringMatching(/choose_path/) });
    expect(results[1]?.error).toBeUndefined();
  },
  60_000,
);

it('draws the same sample in threads as without', async () => {
  const sampled = async (workers: number) => {
    const { results, checkpoint } = await exploreSources([toyProgram('crowd', args), toyProgram('plain')], {
      workers,
      entry: fromSource,
      sample: { seed: 5, schedules: 30 },
    });
    expect(checkpoint).toBeUndefined();
    return results.map(({ exploration }) => exploration);
  };
  const here = await sampled(0);
  expect(here[0]).toEqual(sample(crowd(args), { seed: 5, schedules: 30 }));
  expect(await sampled(2)).toEqual(here);
});
