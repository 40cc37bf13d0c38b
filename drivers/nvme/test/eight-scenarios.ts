// SPDX-License-Identifier: GPL-2.0-only
import { loadScenarios, scenarioProgram, type AnyDriver, type Program, type Scenario } from '@libmultipath/driver-kit';
import { nvmeDriver } from '../src/driver.js';

// The registry hands each word what its own schema gave.
const driver = nvmeDriver as unknown as AnyDriver;

/** The driver's scenarios, by name. */
export const scenarios: ReadonlyMap<string, Scenario> = new Map(
  (await loadScenarios(nvmeDriver.scenarios, [driver])).map(({ scenario }) => [scenario.name, scenario]),
);

/** A scenario on the model of a kernel; undefined: that lacks what it needs. */
export const programOf = (name: string, kernel: string): Program | undefined => {
  const scenario = scenarios.get(name);
  const model = driver.models.find((candidate) => candidate.name === kernel);
  if (scenario === undefined || model === undefined) throw new Error(`there is no ${name} on ${kernel}`);
  return scenario.needs.every((need) => model.features.has(need))
    ? scenarioProgram(scenario, driver, model)
    : undefined;
};
