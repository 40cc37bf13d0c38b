// SPDX-License-Identifier: GPL-2.0-only
import { fileURLToPath } from 'node:url';
import { libraryProperties } from '@libmultipath/core';
import { CLEAN, exploreShape, readWholeRecord, shapesOn } from '@libmultipath/driver-kit';
import { loadBattery } from '@libmultipath/scenario';
import { describe, expect, it } from 'vitest';
import { loadConfig } from '../config.js';

const root = new URL('../../../../', import.meta.url);
const { drivers } = await loadConfig(fileURLToPath(new URL('mpath.config.ts', root)));

/** Steps, first and repeated, of the shapes that are explored here again. */
const FEW = 10_000;

const recorded = drivers.map(
  (driver) => [driver.name, driver, readWholeRecord(new URL(`drivers/${driver.name}/src/whole.json`, root))] as const,
);

describe.each(recorded)('what the shapes of %s took', async (_name, driver, { revision, shapes }) => {
  const battery = await loadBattery(driver, libraryProperties);
  if (battery === undefined) throw new Error(`${driver.name} has no port`);
  const small = Object.entries(shapes).filter(([, { ended, steps }]) => ended && steps <= FEW);

  it.each(small.map(([name]) => name))('%s is explored whole, and shows nothing', (name) => {
    expect(exploreShape(battery, revision, name, { revisits: true })).toEqual(CLEAN);
  });

  it('is known of every shape that the driver can play', () => {
    expect(shapesOn(battery, revision).filter((name) => !(name in shapes))).toEqual([]);
  });
});

it('virtio-blk has an end of every shape', () => {
  const [, , record] = recorded.find(([name]) => name === 'virtio-blk') ?? [];
  const shapes = Object.entries(record?.shapes ?? {});
  expect(shapes.length).toBeGreaterThan(0);
  expect(shapes.filter(([, { ended }]) => !ended)).toEqual([]);
});
