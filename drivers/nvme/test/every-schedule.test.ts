// SPDX-License-Identifier: GPL-2.0-only
import { explore, type Exploration } from '@libmultipath/driver-kit';
import { expect, test } from 'vitest';
import { programOf } from './eight-scenarios.js';

const minuteMs = 60_000;

const explored = (name: string, kernel: string): Exploration => {
  const program = programOf(name, kernel);
  if (program === undefined) throw new Error(`${kernel} does not support ${name}`);
  const found = explore(program, { maxExecutions: 20_000, races: false });
  expect(found.complete).toBe(true);
  return found;
};

const calm = [
  'names-and-attributes',
  'numa-local-path',
  'round-robin-alternates',
  'queue-depth-first-listed',
  'last-path-removed',
];
const kernels = ['6.1', '6.12', '7.2', '7.3'];

test.each(calm.flatMap((name) => kernels.map((kernel) => [name, kernel] as const)))(
  'every schedule of %s on %s ends the same way, without a report',
  { timeout: 2 * minuteMs },
  (name, kernel) => {
    const { outcomes, reports, ends } = explored(name, kernel);
    expect(outcomes).toHaveLength(1);
    expect(reports).toEqual([]);
    expect(ends.stuck).toBe(0);
  },
);

test.each([
  ['delayed-removal-timer-first', '["awaiting","expired"]'],
  ['delayed-removal-path-returns', '["returned"]'],
])(
  'the timer of 7.3 may expire at any time; of %s there is one outcome with the order %s',
  { timeout: 3 * minuteMs },
  (name, demanded) => {
    const { outcomes, reports, ends } = explored(name, '7.3');
    const orders = outcomes.map(({ value }) => JSON.stringify(Object(value)['order']));
    expect(orders.filter((order) => order === demanded)).toHaveLength(1);
    expect(orders.length).toBeGreaterThan(1);
    expect(reports).toEqual([]);
    expect(ends.stuck).toBe(0);
  },
);

/*
 * In 7.2 the removal kicks first and waits for submitters then: one that saw the head live parks its
 * bio in between, and its own open descriptor keeps away the last put, which would kick again.
 */
test('a read that meets the end of the delay waits for ever on 7.2', { timeout: 3 * minuteMs }, () => {
  const { outcomes, reports, ends } = explored('delayed-removal-timer-first', '7.2');
  const orders = outcomes.map(({ value }) => JSON.stringify(Object(value)['order']));
  expect(orders.filter((order) => order === '["awaiting","expired"]')).toHaveLength(1);
  expect(reports).toEqual([]);
  expect(ends.stuckAt.flatMap(({ blocked }) => blocked.map(({ task }) => task))).toEqual(['scenario', 'read r1']);
});

/*
 * The head gives a bio to a path only after its own submit function has returned, and with it its
 * SRCU section: what a submit function submits is put off until then. A removal that passes in
 * between finds nobody to wait for. The bio then meets a dead disk (EIO) or a freed one.
 */
test.each(kernels)(
  'on %s a write can be caught between head and path while the path goes',
  { timeout: 2 * minuteMs },
  (kernel) => {
    const { outcomes, reports, ends } = explored('path-removed-under-load', kernel);
    const results = outcomes.map(({ value }) => (value as Record<string, unknown>)['load-result writes']);
    expect(results).toEqual([
      { errors: ['EIO'], corrupt: false, verified: false },
      { errors: [], corrupt: false, verified: true },
    ]);
    expect(reports.map(({ report }) => report.class)).toEqual(['use-after-free']);
    expect(ends.stuckAt.flatMap(({ blocked }) => blocked.map(({ task }) => task))).toEqual(['scenario']);
  },
);
