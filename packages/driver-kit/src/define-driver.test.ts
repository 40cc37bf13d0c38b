// SPDX-License-Identifier: GPL-2.0-only
import { toyDriver } from '@libmultipath/scenario/testing/toy-driver';
import { expect, it } from 'vitest';
import { defineDriver } from './define-driver.js';

type Toy = typeof toyDriver;
const [first, second] = toyDriver.models;
const press = toyDriver.steps['press'];
const total = toyDriver.observations['total'];
if (first === undefined || second === undefined || press === undefined || total === undefined)
  throw new Error('the toy changed');

it('gives a driver that is right back, frozen', () => {
  const driver = defineDriver(toyDriver);
  expect(driver).toEqual(toyDriver);
  expect(Object.isFrozen(driver)).toBe(true);
});

it.each<[string, string, Partial<Toy>]>([
  // What another build would hand over cannot be written down in the types of this one.
  ['LMP-601', 'another interface version', { api: 2 as unknown as 1 }],
  ['LMP-602', 'a name in capitals', { name: 'Toy' }],
  ['LMP-602', 'a word of the language itself', { steps: { observe: { ...press, example: 'observe: a' } } }],
  ['LMP-603', 'an example of another word', { steps: { push: press } }],
  ['LMP-603', 'an example its own schema refuses', { steps: { press: { ...press, example: 'press: 5' } } }],
  ['LMP-603', 'an example that is no YAML', { steps: { press: { ...press, example: 'press: [' } } }],
  ['LMP-603', 'an observation without observe', { observations: { total: { ...total, example: 'total' } } }],
  ['LMP-604', 'an unlisted feature', { features: {} }],
  ['LMP-605', 'no model', { models: [] }],
  ['LMP-605', 'two models of one name', { models: [first, { ...second, name: first.name }] }],
  ['LMP-606', 'a library model of another kind', { libraryModel: () => first }],
  [
    'LMP-606',
    'a library model that is not listed',
    { libraryModel: () => ({ ...first, kind: 'library', name: 'v9' }) },
  ],
])('refuses with %s %s', (code, _what, change) => {
  expect(() => defineDriver({ ...toyDriver, ...change })).toThrow(expect.objectContaining({ code }));
});
