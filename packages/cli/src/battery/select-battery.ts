// SPDX-License-Identifier: GPL-2.0-only
import { relative } from 'node:path';
import type { AnyDriver } from '@libmultipath/contract';
import { libraryProperties } from '@libmultipath/core';
import { plainDriver } from '@libmultipath/driver-kit';
import { isLmpError } from '@libmultipath/errors';
import { loadBattery } from '@libmultipath/scenario';
import type { LoadedConfig } from '../config.js';
import { errors } from '../errors.js';
import { didYouMean, driverNamed, selectScenarios, type Chosen } from '../selection.js';

/** Drivers that can take part: those of the configuration, and the plain one, which shows the library itself. */
const takingPart = (config: LoadedConfig, name: string | undefined): readonly AnyDriver[] => {
  if (name === plainDriver.name) return [plainDriver];
  return name === undefined ? [...config.drivers, plainDriver] : [driverNamed(config, name)];
};

/**
 * Shapes of the standard battery, all of them or those named, for one driver or for each that takes part.
 * @throws LMP-903 no such shape; LMP-904 no such driver; LMP-918 the driver has no battery port
 */
export const selectBattery = async (
  config: LoadedConfig,
  names: readonly string[],
  driverName: string | undefined,
): Promise<Chosen[]> => {
  const chosen: Chosen[] = [];
  for (const driver of takingPart(config, driverName)) {
    const loaded = await loadBattery(driver, libraryProperties, { show: (path) => relative(config.root, path) });
    if (loaded === undefined && driverName !== undefined) {
      throw errors.fail('LMP-918', {
        message: `driver ${driver.name} takes no part in the standard battery`,
        where: '--battery',
        todo: 'give the driver a field `battery`: docs/write-a-driver.md says how',
      });
    }
    for (const shape of loaded?.shapes ?? []) chosen.push({ ...shape, driver: loaded?.driver ?? driver });
  }
  const known = [...new Set(chosen.map(({ scenario }) => scenario.name))];
  for (const name of names) {
    if (known.includes(name)) continue;
    throw errors.fail('LMP-903', {
      message: `no shape of the battery is called ${name}`,
      where: name,
      todo: didYouMean(name, known),
    });
  }
  return names.length === 0 ? chosen : chosen.filter(({ scenario }) => names.includes(scenario.name));
};

const isUnknown = (error: unknown): boolean => isLmpError(error) && error.code === 'LMP-903';

/** Scenarios of the drivers, or shapes of the battery where `battery` says so or the names are theirs. */
export const selectForCheck = async (
  config: LoadedConfig,
  names: readonly string[],
  driverName: string | undefined,
  battery: boolean,
): Promise<Chosen[]> => {
  if (battery || driverName === plainDriver.name) return selectBattery(config, names, driverName);
  try {
    return await selectScenarios(config, names, driverName);
  } catch (unknown) {
    if (!isUnknown(unknown)) throw unknown;
    try {
      return await selectBattery(config, names, driverName);
    } catch {
      throw unknown;
    }
  }
};

/** Everything that a token or an id may be of: scenarios and shapes. */
export const selectEverything = async (config: LoadedConfig, driverName: string | undefined): Promise<Chosen[]> => {
  const scenarios = driverName === plainDriver.name ? [] : await selectScenarios(config, [], driverName);
  const named = driverName === undefined ? undefined : takingPart(config, driverName)[0];
  const hasPort = named === undefined || named.battery !== undefined;
  return [...scenarios, ...(hasPort ? await selectBattery(config, [], driverName) : [])];
};
