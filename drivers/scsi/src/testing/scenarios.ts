// SPDX-License-Identifier: GPL-2.0-only
import {
  loadScenarios,
  Machine,
  scenarioProgram,
  virtualTime,
  withCurrent,
  type Outcome,
  type Scenario,
} from '@libmultipath/driver-kit';
import { scsiDriver } from '../driver.js';
import type { ScsiProfile } from '../models.js';

/** The driver's scenarios by name. */
export const scenarios: ReadonlyMap<string, Scenario> = new Map(
  (await loadScenarios(scsiDriver.scenarios, [scsiDriver])).map(({ scenario }) => [scenario.name, scenario]),
);

export interface Ran {
  readonly end: string;
  readonly outcome: Outcome;
}

/**
 * One schedule of a scenario on a model, in virtual time. 'unsupported': the model has not what it needs.
 */
export const runScenario = (name: string, model: string | ScsiProfile): Ran | 'unsupported' => {
  const scenario = scenarios.get(name);
  const profile = typeof model === 'string' ? scsiDriver.models.find((one) => one.name === model) : model;
  if (scenario === undefined || profile === undefined) throw new Error(`no ${name}, or no such model`);
  if (!scenario.needs.every((need) => profile.features.has(need))) return 'unsupported';
  const program = scenarioProgram(scenario, scsiDriver, profile);
  const machine = new Machine({ maxSteps: 400_000, ...program.options });
  const run = withCurrent(machine, undefined, () => program.make(machine));
  const end = machine.run(virtualTime());
  // An outcome is what a scenario program gives.
  return { end, outcome: run.outcome() as Outcome };
};
