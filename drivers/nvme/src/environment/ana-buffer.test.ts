// SPDX-License-Identifier: GPL-2.0-only
import { explore, loadScenarios, scenarioProgram } from '@libmultipath/driver-kit';
import { expect, test } from 'vitest';
import { nvmeDriver } from '../driver.js';

/** What races while the optimized path changes under load, as `object of class`. */
const racesOn = async (name: string): Promise<readonly string[]> => {
  const all = await loadScenarios(nvmeDriver.scenarios, [nvmeDriver]);
  const flips = all.find(({ scenario }) => scenario.name === 'ana-flips-under-load');
  const model = nvmeDriver.models.find((one) => one.name === name);
  if (flips === undefined || model === undefined) throw new Error('the scenario or the model is gone');
  const { complete, reports } = explore(scenarioProgram(flips.scenario, nvmeDriver, model), { maxExecutions: 1_000 });
  expect(complete).toBe(true);
  return [...new Set(reports.map(({ report }) => `${report.object} in ${report.class}`))];
};

// A log that is read fills the buffer where it is: whoever only asks whether there is one reads a pointer that stays.
test.each(['7.3', 'v3'])(
  '%s: reading the log races with who looks at a state, not with who has a buffer',
  async (name) => {
    const races = await racesOn(name);
    expect(races).toContainEqual(expect.stringContaining('nvme_ns'));
    expect(races).not.toContainEqual(expect.stringContaining('nvme_ctrl_ana'));
  },
);
