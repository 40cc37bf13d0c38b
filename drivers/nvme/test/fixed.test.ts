// SPDX-License-Identifier: GPL-2.0-only
import { explore } from '@libmultipath/driver-kit';
import { expect, test } from 'vitest';
import { programOf } from './eight-scenarios.js';

const minuteMs = 60_000;

/** Outcomes that some schedule of the scenario without preemption has, as text. */
const outcomesOn = (name: string, model: string): string[] => {
  const program = programOf(name, model);
  if (program === undefined) throw new Error(`${model} does not support ${name}`);
  const { complete, outcomes } = explore(program, { maxExecutions: 50_000, maxPreemptions: 0 });
  expect(complete).toBe(true);
  return outcomes.map(({ value }) => JSON.stringify(value)).sort();
};

/* The pages in docs/remedies say what differs; of what these scenarios look at, nothing does. */
test.each([
  'names-and-attributes',
  'numa-local-path',
  'round-robin-alternates',
  'queue-depth-first-listed',
  'path-removed-under-load',
])('the remedies change no outcome of %s', { timeout: 4 * minuteMs }, (name) => {
  expect(outcomesOn(name, 'fixed')).toEqual(outcomesOn(name, 'v3'));
});

/* The removal of the last path returns (last-put-releases-head), and the next head is instance 2 (number-goes-with-head). */
test('the remedies make the outcome of last-path-removed that of 7.3', { timeout: 4 * minuteMs }, () => {
  expect(outcomesOn('last-path-removed', 'fixed')).toEqual(outcomesOn('last-path-removed', '7.3'));
});

/* Its counters are those of the head again (diag-attributes-find-head), so there is nothing else to tell them by. */
test('the remedies make the outcomes of delayed-removal-timer-first those of 7.3', { timeout: 4 * minuteMs }, () => {
  const name = 'delayed-removal-timer-first';
  expect(outcomesOn(name, 'fixed')).toEqual(outcomesOn(name, '7.3'));
});
