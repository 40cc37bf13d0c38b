// SPDX-License-Identifier: GPL-2.0-only
import {
  explore,
  loadScenarios,
  scenarioProgram,
  type AnyDriver,
  type Exploration,
  type Program,
} from '@libmultipath/driver-kit';
import { expect, test } from 'vitest';
import { virtioDriver } from '../src/driver.js';

const minuteMs = 60_000;
// The registry hands each word what its own schema gave.
const driver = virtioDriver as unknown as AnyDriver;
const scenarios = new Map(
  (await loadScenarios(virtioDriver.scenarios, [driver])).map(({ scenario }) => [scenario.name, scenario]),
);

const programOf = (name: string, model: string): Program => {
  const scenario = scenarios.get(name);
  const profile = driver.models.find((candidate) => candidate.name === model);
  if (scenario === undefined || profile === undefined) throw new Error(`there is no ${name} on ${model}`);
  return scenarioProgram(scenario, driver, profile);
};

const explored = (name: string, model: string): Exploration => {
  const found = explore(programOf(name, model), { maxExecutions: 20_000 });
  expect(found.complete).toBe(true);
  return found;
};

const calm = [
  'names-and-sizes',
  'round-robin-alternates',
  'error-fails-over',
  'error-on-every-path',
  'unplugged-under-load',
];

test.each(calm)(
  'every schedule of %s ends the same way with dm-multipath, on v3 and on fixed, without a report',
  { timeout: 3 * minuteMs },
  (name) => {
    const values = new Set<string>();
    for (const model of ['dm-multipath', 'v3', 'fixed']) {
      const { outcomes, reports, ends } = explored(name, model);
      expect(reports).toEqual([]);
      expect(ends.stuck).toBe(0);
      for (const { value } of outcomes) values.add(JSON.stringify(value));
    }
    expect([...values]).toHaveLength(1);
  },
);

/** Order and result of every outcome, where a task is only interrupted when it waits: timers expire at any time. */
const results = (name: string, model: string): readonly string[] => {
  const { outcomes, reports, ends } = explore(programOf(name, model), { maxPreemptions: 0 });
  expect(reports).toEqual([]);
  expect(ends.stuck).toBe(0);
  return outcomes
    .map(({ value }) => `${JSON.stringify(Object(value)['order'])} ${String(Object(value)['result-of r1'])}`)
    .sort();
};

test.each(['dm-multipath', 'v3', 'fixed'])(
  'without a path a read waits until the time is over, with %s',
  { timeout: 3 * minuteMs },
  (model) => {
    expect(results('no-disk-returns', model)).toContain('["expired"] EIO');
    expect(results('a-disk-returns', model)).toContain('["returned"] ok');
  },
);
