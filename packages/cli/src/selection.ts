// SPDX-License-Identifier: GPL-2.0-only
import { relative } from 'node:path';
import type { AnyDriver } from '@libmultipath/contract';
import { nearest } from '@libmultipath/errors';
import { loadScenarios, ScenarioError, type LoadedScenario } from '@libmultipath/scenario';
import type { LoadedConfig } from './config.js';
import { errors } from './errors.js';

/** A scenario with its driver. */
export interface Chosen extends LoadedScenario {
  readonly driver: AnyDriver;
}

const LISTED_MAX = 60;

export const didYouMean = (name: string, known: readonly string[]): string => {
  const near = nearest(name, known);
  if (near.length > 0) return `did you mean ${near.join(' or ')}?`;
  const all = [...known].sort();
  // More would be a page that nobody reads.
  if (all.length > LISTED_MAX) return `there are ${String(all.length)}, from ${all[0] ?? ''} to ${all.at(-1) ?? ''}`;
  return `there is ${all.join(', ') || 'none'}`;
};

/** @throws LMP-904 */
export const driverNamed = ({ drivers }: LoadedConfig, name: string): AnyDriver => {
  const found = drivers.find((driver) => driver.name === name);
  if (found !== undefined) return found;
  const known = drivers.map((driver) => driver.name);
  throw errors.fail('LMP-904', {
    message: `no driver is called ${name}`,
    where: '--driver',
    todo: didYouMean(name, known),
  });
};

/**
 * Scenarios of all drivers, or of one; all of them, or those named.
 * @throws LMP-903, LMP-904, LMP-910; {@link ScenarioError} for every file that is wrong
 */
export const selectScenarios = async (
  config: LoadedConfig,
  names: readonly string[],
  driverName: string | undefined,
): Promise<Chosen[]> => {
  const drivers = driverName === undefined ? config.drivers : [driverNamed(config, driverName)];
  const all: Chosen[] = [];
  const wrong: ScenarioError[] = [];
  for (const driver of drivers) {
    try {
      const loaded = await loadScenarios(driver.scenarios, config.drivers, {
        show: (path) => relative(config.root, path),
      });
      all.push(...loaded.map((one) => ({ ...one, driver })));
    } catch (error) {
      if (!(error instanceof ScenarioError)) throw error;
      wrong.push(error);
    }
  }
  if (wrong.length > 0) throw new ScenarioError(wrong.flatMap(({ problems }) => problems));
  const known = all.map(({ scenario }) => scenario.name);
  for (const name of names) {
    if (known.includes(name)) continue;
    throw errors.fail('LMP-903', {
      message: `no scenario is called ${name}`,
      where: name,
      todo: didYouMean(name, known),
    });
  }
  if (all.length === 0) {
    throw errors.fail('LMP-910', {
      message: 'expected at least one scenario file, found none',
      where: drivers.map(({ name }) => name).join(', '),
    });
  }
  return names.length === 0 ? all : all.filter(({ scenario }) => names.includes(scenario.name));
};
