// SPDX-License-Identifier: GPL-2.0-only
import { isBatteryDriver } from '@libmultipath/scenario';
import type { LoadedConfig } from '../config.js';
import type { Chosen } from '../selection.js';
import { sourceOf } from './check-program.js';
import type { Job } from './job.js';
import { modelOf, type ModelName } from './models.js';

/** Why a scenario cannot be explored on a model; undefined: it can. */
export const unsupported = ({ scenario, driver }: Chosen, name: ModelName): string | undefined => {
  const profile = modelOf(driver, name);
  if (profile === undefined) return `driver ${driver.name} has no model ${name.revision}`;
  const missing = scenario.needs.filter((need) => !profile.features.has(need));
  if (missing.length === 0 && isBatteryDriver(driver)) return driver.lacks(scenario, profile);
  return missing.length === 0 ? undefined : `needs ${missing.join(', ')}, which ${profile.name} does not have`;
};

/** The scenarios that can be explored on the model. */
export const jobsOf = (config: LoadedConfig, chosen: readonly Chosen[], name: ModelName): Job[] =>
  chosen.flatMap((one) => {
    const profile = modelOf(one.driver, name);
    if (profile === undefined || unsupported(one, name) !== undefined) return [];
    return [{ chosen: one, profile, source: sourceOf(config.file, one, name) }];
  });
