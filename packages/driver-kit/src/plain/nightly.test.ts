// SPDX-License-Identifier: GPL-2.0-only
import { readFileSync } from 'node:fs';
import { explore } from '@libmultipath/checker';
import { libraryProperties } from '@libmultipath/core';
import { loadBattery, scenarioProgram } from '@libmultipath/scenario';
import { expect, it } from 'vitest';
import { z } from 'zod';
import { plainDriver } from './driver.js';

const battery = await loadBattery(plainDriver, libraryProperties);
if (battery === undefined) throw new Error('the plain driver has a port');
const { driver, shapes } = battery;

/**
 * Shapes that have no end on `fixed` within 3 million steps (first and repeated ones): every other one ends. `ended`:
 * those that end where states are met again between settle points (`npm run bench -- whole`), in so many steps;
 * `forgets`: where what functions knew that have returned is forgotten as well (decision 0007).
 * `shapes`: those that did not within the steps that were given to them; they are for the night.
 */
const nightly = z
  .strictObject({
    revision: z.literal('fixed'),
    bound: z.literal('0 preemptions'),
    shapes: z.record(z.string(), z.strictObject({ stepsWithoutEnd: z.int().min(1), executions: z.int().min(1) })),
    ended: z.record(
      z.string(),
      z.strictObject({
        forgets: z.boolean(),
        steps: z.int().min(1),
        newSteps: z.int().min(1),
        states: z.int().min(1),
        cpuS: z.number().min(0),
      }),
    ),
  })
  .parse(JSON.parse(readFileSync(new URL('nightly.json', import.meta.url), 'utf8')));

const profile = driver.models.find(({ name }) => name === nightly.revision);

it.each([...Object.keys(nightly.shapes), ...Object.keys(nightly.ended)].sort())(
  '%s is explored whole without preemptions, and shows nothing',
  (name) => {
    const shape = shapes.find(({ scenario }) => scenario.name === name);
    if (shape === undefined || profile === undefined) throw new Error(`there is no ${name}`);
    const program = scenarioProgram(shape.scenario, driver, profile);
    const { complete, reports, ends } = explore(program, { maxPreemptions: 0, maxExecutions: 1_000 });
    expect({ complete, reports: reports.map(({ report }) => report.message), stuck: ends.stuck }).toEqual({
      complete: true,
      reports: [],
      stuck: 0,
    });
  },
);

it('names each shape in one of the two lists', () => {
  expect(Object.keys(nightly.shapes).filter((name) => name in nightly.ended)).toEqual([]);
});
