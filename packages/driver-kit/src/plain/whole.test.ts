// SPDX-License-Identifier: GPL-2.0-only
import { libraryProperties } from '@libmultipath/core';
import { loadBattery } from '@libmultipath/scenario';
import { expect, it } from 'vitest';
import { CLEAN, exploreShape, shapesOn } from '../whole/explore-shape.js';
import { readWholeRecord } from '../whole/whole-record.js';
import { plainDriver } from './driver.js';

const battery = await loadBattery(plainDriver, libraryProperties);
if (battery === undefined) throw new Error('the plain driver has a port');

const { revision, shapes } = readWholeRecord(new URL('whole.json', import.meta.url));
const found = Object.entries(shapes);

/** Steps, first and repeated, of the shapes that are explored here again. */
const FEW = 40_000;

it('has an end of every shape', () => {
  expect(found.filter(([, { ended }]) => !ended)).toEqual([]);
});

it.each(found.filter(([, { states, steps }]) => states === 'all' && steps <= FEW).map(([name]) => name))(
  '%s is explored whole, and shows nothing',
  (name) => {
    expect(exploreShape(battery, revision, name, { revisits: 'forget-nothing' })).toEqual(CLEAN);
  },
);

it.each(found.filter(([, { states, steps }]) => states !== 'all' || steps > FEW).map(([name]) => name))(
  '%s is explored whole without preemptions, and shows nothing',
  (name) => {
    expect(exploreShape(battery, revision, name, { maxPreemptions: 0, maxExecutions: 1_000 })).toEqual(CLEAN);
  },
);

it('knows of every shape that the driver can play', () => {
  expect(shapesOn(battery, revision).filter((name) => !(name in shapes))).toEqual([]);
});
