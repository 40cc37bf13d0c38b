// SPDX-License-Identifier: GPL-2.0-only
import { kernelProperties, nobodyStuck, type ProgramSource } from '@libmultipath/checker';
import type { Program, Property } from '@libmultipath/kernel';
import { scenarioProgram } from '@libmultipath/scenario';
import { loadConfig, type LoadedConfig } from '../config.js';
import { errors } from '../errors.js';
import { selectScenarios, type Chosen } from '../selection.js';
import { modelOf, type ModelName, type Profile } from './models.js';

/**
 * What a task that an oops has killed still holds is a consequence, as every kernel developer
 * takes it, and no finding of its own.
 */
const unlessKilled = (property: Property): Property => ({
  ...property,
  check: (machine) => (machine.tasks.some(({ killed }) => killed) ? undefined : property.check(machine)),
});

/** Who waits for ever is among the stuck runs of every search; asked once more it would be booked twice. */
const properties = kernelProperties.filter((property) => property !== nobodyStuck).map(unlessKilled);

/** What is explored of a scenario: it on a model, with what must hold of any machine. */
export const checkedProgram = ({ scenario, driver }: Chosen, profile: Profile): Program => ({
  ...scenarioProgram(scenario, driver, profile),
  properties,
});

/** What a thread needs to make the program again: names. */
export interface CheckArgs extends ModelName {
  /** Path of mpath.config.ts. */
  readonly config: string;
  readonly driver: string;
  readonly scenario: string;
}

const configs = new Map<string, Promise<LoadedConfig>>();

/** Makes a program in the thread that explores it. */
export const checkProgram = async (args: CheckArgs): Promise<Program> => {
  const loading = configs.get(args.config) ?? loadConfig(args.config);
  configs.set(args.config, loading);
  const [chosen] = await selectScenarios(await loading, [args.scenario], args.driver);
  const profile = chosen === undefined ? undefined : modelOf(chosen.driver, args);
  if (chosen === undefined || profile === undefined) {
    throw errors.fail('LMP-905', {
      message: 'the configuration lost a model that it had',
      where: `${args.driver} ${args.scenario} ${args.revision}`,
    });
  }
  return checkedProgram(chosen, profile);
};

/** The program's name for a thread. */
export const sourceOf = (
  config: string,
  { scenario, driver }: Chosen,
  { revision, remedies }: ModelName,
): ProgramSource => ({
  module: new URL('./check-program.js', import.meta.url).href,
  export: 'checkProgram',
  args: { config, driver: driver.name, scenario: scenario.name, revision, remedies },
});
