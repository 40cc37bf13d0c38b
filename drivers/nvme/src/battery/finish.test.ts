// SPDX-License-Identifier: GPL-2.0-only
import { libraryProperties, loadBattery, sample, scenarioProgram } from '@libmultipath/driver-kit';
import { expect, it } from 'vitest';
import { nvmeDriver } from '../driver.js';

const SHAPE = 'last-path-returns-under-writes';

it('a removal that waited for an open file may bring its path back after the others went: nothing is left over', async () => {
  const battery = await loadBattery(nvmeDriver, libraryProperties);
  const shape = battery?.shapes.find(({ scenario }) => scenario.name === SHAPE);
  const model = battery?.driver.models.find(({ name }) => name === 'v3');
  if (battery === undefined || shape === undefined || model === undefined) throw new Error(`there is no ${SHAPE}`);
  // The first four of this seed have one where v3 waits in mpath_head_uninit() until the shape closes its file.
  const { reports } = sample(scenarioProgram(shape.scenario, battery.driver, model), {
    method: 'pos',
    seed: 1,
    schedules: 4,
  });
  expect(reports.map(({ report }) => `${report.class}: ${report.message}`)).toEqual([]);
}, 60_000);
