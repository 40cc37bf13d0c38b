// SPDX-License-Identifier: GPL-2.0-only
import { readFileSync } from 'node:fs';
import { explore, type ExploreOptions } from '@libmultipath/checker';
import { libraryProperties } from '@libmultipath/core';
import { loadBattery, scenarioProgram } from '@libmultipath/scenario';
import { expect, it } from 'vitest';
import { z } from 'zod';
import { plainDriver } from './driver.js';

const battery = await loadBattery(plainDriver, libraryProperties);
if (battery === undefined) throw new Error('the plain driver has a port');
const { driver, shapes } = battery;

/**
 * What each shape took on `fixed`, every schedule of it: `npm run bench -- whole plain fixed STEPS '' write`.
 * `states`: by which rule two states were one, decision 0007.
 */
const whole = z
  .strictObject({
    revision: z.literal('fixed'),
    shapes: z.record(
      z.string(),
      z.strictObject({
        ended: z.boolean(),
        states: z.enum(['all', 'all-forgetting']),
        steps: z.int().min(1),
        newSteps: z.int().min(1),
        met: z.int().min(1),
        cpuS: z.number().min(0),
      }),
    ),
  })
  .parse(JSON.parse(readFileSync(new URL('whole.json', import.meta.url), 'utf8')));

/** Steps, first and repeated, of the shapes that are explored here again. */
const FEW = 40_000;

const profile = driver.models.find(({ name }) => name === whole.revision);
const found = Object.entries(whole.shapes);

const search = (name: string, options: ExploreOptions): unknown => {
  const shape = shapes.find(({ scenario }) => scenario.name === name);
  if (shape === undefined || profile === undefined) throw new Error(`there is no ${name}`);
  const { complete, reports, ends } = explore(scenarioProgram(shape.scenario, driver, profile), options);
  return { complete, reports: reports.map(({ report }) => report.message), stuck: ends.stuck };
};

const CLEAN = { complete: true, reports: [], stuck: 0 };

it('has an end of every shape', () => {
  expect(found.filter(([, { ended }]) => !ended)).toEqual([]);
});

it.each(found.filter(([, { states, steps }]) => states === 'all' && steps <= FEW).map(([name]) => name))(
  '%s is explored whole, and shows nothing',
  (name) => {
    expect(search(name, { revisits: 'forget-nothing' })).toEqual(CLEAN);
  },
);

it.each(found.filter(([, { states, steps }]) => states !== 'all' || steps > FEW).map(([name]) => name))(
  '%s is explored whole without preemptions, and shows nothing',
  (name) => {
    expect(search(name, { maxPreemptions: 0, maxExecutions: 1_000 })).toEqual(CLEAN);
  },
);

it('knows of every shape that the driver can play', () => {
  const can = battery.shapes
    .filter(({ scenario }) => !(scenario.name in whole.shapes))
    .map(({ scenario }) => scenario.name);
  expect(can).toEqual([]);
});
