// SPDX-License-Identifier: GPL-2.0-only
import { kernelProperties, modulesBalanced, nobodyStuck, type ProgramSource } from '@libmultipath/checker';
import type { Program, Property } from '@libmultipath/kernel';
import { isBatteryDriver, keepsFilesOpen, scenarioProgram } from '@libmultipath/scenario';
import { selectForCheck } from '../battery/select-battery.js';
import { loadConfig, type LoadedConfig } from '../config.js';
import { errors } from '../errors.js';
import type { Chosen } from '../selection.js';
import { modelOf, type ModelName, type Profile } from './models.js';

/**
 * What a task that an oops has killed still holds is a consequence, as every kernel developer
 * takes it, and no finding of its own.
 */
const unlessKilled = (property: Property): Property => ({
  ...property,
  check: (machine) => (machine.tasks.some(({ killed }) => killed) ? undefined : property.check(machine)),
});

/** An open file pins the module of its operations: that it still does is no imbalance. */
const unlessOpen = (property: Property): Property =>
  property === modulesBalanced
    ? { ...property, check: (machine) => (keepsFilesOpen(machine) ? undefined : property.check(machine)) }
    : property;

/** Who waits for ever is among the stuck runs of every search; asked once more it would be booked twice. */
const properties = kernelProperties
  .filter((property) => property !== nobodyStuck)
  .map(unlessOpen)
  .map(unlessKilled);

/** What is explored of a scenario: it on a model, with what must hold of any machine. */
export const checkedProgram = ({ scenario, driver }: Chosen, profile: Profile): Program => {
  const program = scenarioProgram(scenario, driver, profile);
  return { ...program, properties: [...properties, ...(program.properties ?? []).map(unlessKilled)] };
};

/** What a thread needs to make the program again: names. */
export interface CheckArgs extends ModelName {
  /** Path of mpath.config.ts. */
  readonly config: string;
  readonly driver: string;
  readonly scenario: string;
  /** It is a shape of the standard battery. */
  readonly battery: boolean;
}

const configs = new Map<string, Promise<LoadedConfig>>();
const selections = new Map<string, Promise<readonly Chosen[]>>();

/** All scenarios, or shapes, of a driver: reading them takes longer than exploring a small one. */
const everythingOf = ({ config, driver, battery }: CheckArgs): Promise<readonly Chosen[]> => {
  const loading = configs.get(config) ?? loadConfig(config);
  configs.set(config, loading);
  const key = JSON.stringify([config, driver, battery]);
  const selecting = selections.get(key) ?? loading.then(async (loaded) => selectForCheck(loaded, [], driver, battery));
  selections.set(key, selecting);
  return selecting;
};

/** Makes a program in the thread that explores it. */
export const checkProgram = async (args: CheckArgs): Promise<Program> => {
  const chosen = (await everythingOf(args)).find(({ scenario }) => scenario.name === args.scenario);
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
  args: {
    config,
    driver: driver.name,
    scenario: scenario.name,
    battery: isBatteryDriver(driver),
    revision,
    remedies,
  },
});
