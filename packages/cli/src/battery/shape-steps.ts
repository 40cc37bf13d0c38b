// SPDX-License-Identifier: GPL-2.0-only
import { Machine, virtualTime, withCurrent } from '@libmultipath/kernel';
import { scenarioProgram } from '@libmultipath/scenario';
import type { LoadedConfig } from '../config.js';
import { unsupported } from '../check/jobs-of.js';
import { modelOf } from '../check/models.js';
import { selectBattery } from './select-battery.js';

/**
 * Steps of one run of each shape on virtual time, everything at once as far as it can: how long that is
 * depends on the shape and the model, and on no search. Shapes that the model cannot take are left out.
 */
export const shapeSteps = async (
  config: LoadedConfig,
  driver: string,
  revision: string,
): Promise<Readonly<Record<string, number>>> => {
  const name = { revision, remedies: [] };
  const steps = (await selectBattery(config, [], driver)).flatMap((chosen): [string, number][] => {
    const profile = modelOf(chosen.driver, name);
    if (profile === undefined || unsupported(chosen, name) !== undefined) return [];
    const program = scenarioProgram(chosen.scenario, chosen.driver, profile);
    const machine = new Machine(program.options);
    withCurrent(machine, undefined, () => program.make(machine));
    machine.run(virtualTime());
    return [[chosen.scenario.name, machine.steps]];
  });
  return Object.fromEntries(steps.sort(([a], [b]) => (a < b ? -1 : 1)));
};
