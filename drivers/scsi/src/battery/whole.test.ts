// SPDX-License-Identifier: GPL-2.0-only
import {
  CLEAN,
  exploreShape,
  libraryProperties,
  loadBattery,
  readWholeRecord,
  shapesOn,
} from '@libmultipath/driver-kit';
import { expect, it } from 'vitest';
import { scsiDriver } from '../driver.js';

const battery = await loadBattery(scsiDriver, libraryProperties);
if (battery === undefined) throw new Error('the driver has a port');

const { revision, shapes } = readWholeRecord(new URL('../whole.json', import.meta.url));
const found = Object.entries(shapes);

/** Steps, first and repeated, of the shapes that are explored here again. */
const FEW = 10_000;

it.each(found.filter(([, { ended, steps }]) => ended && steps <= FEW).map(([name]) => name))(
  '%s is explored whole, and shows nothing',
  (name) => {
    expect(exploreShape(battery, revision, name, { revisits: true })).toEqual(CLEAN);
  },
);

it('knows of every shape that the driver can play', () => {
  expect(shapesOn(battery, revision).filter((name) => !(name in shapes))).toEqual([]);
});
