// SPDX-License-Identifier: GPL-2.0-only
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { explore } from '../explore.js';
import { crowd } from '../parallel/toy-programs.test.kit.js';
import { anySpec, programOf, toyDigest } from '../random-program.test.kit.js';
import * as toy from '../toy.test.kit.js';
import { quick } from './quick.js';

/** What `seen` is depends on how often the reader is overtaken: one preemption each time. */
const stairs = (height: number) =>
  toy.program('stairs', (machine) => {
    const [up, down] = [new toy.cell(), new toy.cell()];
    let highest = 0;
    machine.spawn('a', function* () {
      for (let step = 0; step < height; step++) {
        if ((yield* toy.read(down)) === step) yield* toy.write(up, step + 1);
      }
    });
    machine.spawn('b', function* () {
      for (let step = 0; step < height; step++) {
        if ((yield* toy.read(up)) === step + 1) yield* toy.write(down, step + 1);
        else break;
        highest = step + 1;
      }
    });
    return () => highest;
  });

const keys = (found: { readonly outcomes: readonly { readonly key: string }[] }) =>
  found.outcomes.map(({ key }) => key);

it('goes on until a further preemption adds nothing, and then has found what the whole search finds', () => {
  let most = 0;
  fc.assert(
    fc.property(anySpec, fc.boolean(), (spec, memo) => {
      const program = programOf(spec);
      const all = explore(program, { reduction: 'none', memo: false, maxExecutions: 400 });
      fc.pre(all.complete);
      const found = quick(program, { memo, digest: toyDigest });
      expect(found).toMatchObject({ complete: true, bound: 'complete (sequential consistency)' });
      expect(keys(found)).toEqual(keys(all));
      expect(found.ends.stuckAt.map(({ key }) => key)).toEqual(all.ends.stuckAt.map(({ key }) => key));
      most = Math.max(most, found.bounds.length);
    }),
    { numRuns: 150, seed: 31, maxSkipsPerRun: 20 },
  );
  expect(most).toBeGreaterThan(4);
});

it('says of each thing how many preemptions showed it first, and keeps that schedule', () => {
  const found = quick(stairs(3));
  expect(found.bounds.map(({ preemptions, appeared }) => [preemptions, appeared.outcomes])).toEqual(
    found.bounds.map(({ preemptions }) => [
      preemptions,
      // What a smaller bound does not find, by another search.
      keys(explore(stairs(3), { maxPreemptions: preemptions })).filter(
        (key) => preemptions === 0 || !keys(explore(stairs(3), { maxPreemptions: preemptions - 1 })).includes(key),
      ),
    ]),
  );
  expect(found.bounds.filter(({ appeared }) => appeared.outcomes.length > 0).length).toBeGreaterThan(2);
  for (const { preemptions, appeared } of found.bounds) {
    const alone = explore(stairs(3), { maxPreemptions: preemptions });
    for (const key of appeared.outcomes) {
      expect(found.outcomes.find((one) => one.key === key)?.schedule).toEqual(
        alone.outcomes.find((one) => one.key === key)?.schedule,
      );
    }
  }
});

it('stops at the number that is asked for', () => {
  expect(quick(crowd({ tasks: 3, writes: 2 }), { upTo: 1 })).toMatchObject({
    complete: true,
    bound: 'complete up to 1 preemption (sequential consistency)',
    bounds: [{ preemptions: 0, complete: true }, { preemptions: 1 }],
  });
});

it('stops at any other bound, which holds for all numbers together, and says how far it is complete', () => {
  const program = crowd({ tasks: 4, writes: 3, warns: 2 });
  const complete = /^complete up to \d preemptions? \(sequential consistency\), stopped after /;
  for (const bound of [{ maxExecutions: 5_000 }, { maxSteps: 20_000 }]) {
    const found = quick(program, { ...bound, memo: false });
    expect(found.complete).toBe(true);
    expect(found.bound).toMatch(complete);
    expect(found.bounds.at(-1)?.complete).toBe(false);
    expect(found.stats.executions).toBeLessThanOrEqual(5_000);
    expect(quick(program, { ...bound, memo: false, upTo: 9 }).complete).toBe(false);
  }
  let nowMs = 0;
  expect(quick(program, { timeMs: 40, now: () => nowMs++ }).bound).toMatch(complete);
  expect(quick(program, { maxExecutions: 2 })).toMatchObject({ complete: false, bound: 'stopped after 2 executions' });
});

it.each([{ upTo: -1 }, { maxSteps: 0 }, { timeMs: 5 }])('refuses %j', (options) => {
  expect(() => quick(crowd({ tasks: 1, writes: 1 }), options)).toThrow(expect.objectContaining({ code: 'LMP-306' }));
});
