// SPDX-License-Identifier: GPL-2.0-only
import type { AnyDriver } from '@libmultipath/contract';
import { loadScenarios, type LoadedScenario, type LoadOptions } from '../load-scenarios.js';
import {
  ANY_DRIVER,
  batteryDriverOf,
  batteryScenarios,
  type BatteryDriver,
  type HeadProperties,
} from './battery-driver.js';

/** The shapes of the battery for one driver, and the driver as they take it. */
export interface LoadedBattery {
  readonly driver: BatteryDriver;
  readonly shapes: readonly LoadedScenario[];
}

/**
 * Reads the shapes for a driver.
 * @param headProperties what must hold of a head: `libraryProperties` of core
 * @returns undefined: the driver takes no part
 * @throws {ScenarioError} as `loadScenarios`
 */
export const loadBattery = async (
  driver: AnyDriver,
  headProperties: HeadProperties,
  options: LoadOptions = {},
): Promise<LoadedBattery | undefined> => {
  const battery = batteryDriverOf(driver, headProperties);
  if (battery === undefined) return undefined;
  const shapes = await loadScenarios(batteryScenarios, [{ ...battery, name: ANY_DRIVER }], options);
  return { driver: battery, shapes };
};
