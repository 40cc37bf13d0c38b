// SPDX-License-Identifier: GPL-2.0-only
import type { AnyDriver } from '@libmultipath/contract';
import { settle } from '@libmultipath/kernel';
import { parseScenario } from '@libmultipath/scenario';
import { toyDriver } from '@libmultipath/scenario/testing/toy-driver';
import { expect, it } from 'vitest';
import { exploreModel } from './explore-model.js';

it('takes two rests of one entry for two states, though nothing changed between them', () => {
  const { press } = toyDriver.steps;
  const rest = {
    doc: 'Comes to rest.',
    example: 'rest: a',
    args: press?.args,
    *model() {
      yield* settle([]);
    },
    guest: () => Promise.resolve(),
  };
  // The registry hands each word what its own schema gave.
  const driver = { ...toyDriver, steps: { ...toyDriver.steps, rest } } as AnyDriver;
  const text =
    'schema: mpath.scenario/1\nname: t\ntitle: T\ndriver: toy\ntopology: { buttons: [a] }\nsteps: [{ press: a }, { rest: a }, { observe: total }]\n';
  const [profile] = driver.models;
  if (profile === undefined) throw new Error('the toy lost its models');
  const scenario = parseScenario(text, 't.scenario.yaml', [driver]);
  expect(exploreModel(scenario, driver, profile)).toMatchObject({ complete: true, outcomes: [{ total: 1 }] });
});
