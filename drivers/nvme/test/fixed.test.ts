// SPDX-License-Identifier: GPL-2.0-only
import { explore } from '@libmultipath/driver-kit';
import { expect, test } from 'vitest';
import { programOf } from './eight-scenarios.js';

const minuteMs = 60_000;

/** Outcomes that some schedule of the scenario has, as text. */
const outcomesOn = (name: string, model: string, bound: { readonly maxPreemptions?: number } = {}): string[] => {
  const program = programOf(name, model);
  if (program === undefined) throw new Error(`${model} does not support ${name}`);
  const { complete, outcomes } = explore(program, { maxExecutions: 50_000, ...bound });
  expect(complete).toBe(true);
  return outcomes.map(({ value }) => JSON.stringify(value)).sort();
};

/* The pages in docs/remedies say what differs; of what these scenarios look at, nothing does. */
test.each([
  'names-and-attributes',
  'numa-local-path',
  'round-robin-alternates',
  'queue-depth-first-listed',
  'last-path-removed',
  'delayed-removal-timer-first',
  'path-removed-under-load',
])('the remedies change no outcome of %s', { timeout: 4 * minuteMs }, (name) => {
  expect(outcomesOn(name, 'fixed')).toEqual(outcomesOn(name, 'v3'));
});

/* It has more schedules on the library than a test can go through. */
test(
  'the remedies change no outcome of delayed-removal-path-returns without preemption',
  { timeout: 2 * minuteMs },
  () => {
    const bound = { maxPreemptions: 0 };
    const name = 'delayed-removal-path-returns';
    expect(outcomesOn(name, 'fixed', bound)).toEqual(outcomesOn(name, 'v3', bound));
  },
);
