// SPDX-License-Identifier: GPL-2.0-only
import { readFileSync } from 'node:fs';
import { libraryProperties } from '@libmultipath/core';
import { Machine, virtualTime, withCurrent } from '@libmultipath/kernel';
import { loadBattery, scenarioProgram } from '@libmultipath/scenario';
import { describe, expect, it } from 'vitest';
import { plainDriver } from './driver.js';

const battery = await loadBattery(plainDriver, libraryProperties);
if (battery === undefined) throw new Error('the plain driver has a port');
const { driver, shapes } = battery;

/** Steps of one run of each shape on virtual time, by revision, as they were when the shape was made. */
const committed: unknown = JSON.parse(readFileSync(new URL('steps.json', import.meta.url), 'utf8'));

const memberOf = (value: unknown, key: string): unknown =>
  typeof value === 'object' && value !== null ? Reflect.get(value, key) : undefined;

const committedOf = (revision: string, shape: string): number => {
  const value = memberOf(memberOf(committed, revision), shape);
  return typeof value === 'number' ? value : Infinity;
};

/** One run, everything at once as far as it can: how long it is depends on the shape, and on no search. */
const runOf = (shape: string, revision: string) => {
  const chosen = shapes.find(({ scenario }) => scenario.name === shape);
  const profile = driver.models.find(({ name }) => name === revision);
  if (chosen === undefined || profile === undefined) throw new Error(`there is no ${shape} on ${revision}`);
  const lacks = driver.lacks(chosen.scenario, profile);
  const program = scenarioProgram(chosen.scenario, driver, profile);
  const machine = new Machine(program.options);
  withCurrent(machine, undefined, () => program.make(machine));
  const end = machine.run(virtualTime());
  return { lacks, end, steps: machine.steps, reports: machine.reports.map(({ message }) => message) };
};

const names = shapes.map(({ scenario }) => scenario.name);

describe('the shapes of the battery under the plain driver', () => {
  it.each(names)('%s is no smaller than it was', (shape) => {
    const smaller = ['v3', 'fixed'].filter((revision) => runOf(shape, revision).steps < committedOf(revision, shape));
    expect(smaller).toEqual([]);
  });

  it('are all of them explored on every revision', () => {
    const lacks = names.flatMap((shape) => ['v1', 'v2', 'v3', 'fixed'].map((revision) => runOf(shape, revision).lacks));
    expect(lacks.filter((reason) => reason !== undefined)).toEqual([]);
  });

  it('go through without a report on fixed when nothing races, and nobody waits for an opener', () => {
    expect(names.filter((shape) => runOf(shape, 'fixed').end === 'stuck')).toEqual([]);
    expect(names.flatMap((shape) => runOf(shape, 'fixed').reports)).toEqual([]);
  });
});
