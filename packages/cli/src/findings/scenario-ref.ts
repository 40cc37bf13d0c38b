// SPDX-License-Identifier: GPL-2.0-only
import type { ProgramRef, ResolveProgram } from '@libmultipath/checker';
import type { AnyDriver } from '@libmultipath/contract';
import { checkedProgram } from '../check/check-program.js';
import { modelOf, type Profile } from '../check/models.js';
import type { Chosen } from '../selection.js';

/** What the name of a revision with remedies begins with: `v3+NAME+NAME`. */
const WITH = '+';

/** How a scenario on a model is named in a replay token. */
export const scenarioRef = ({ scenario, driver }: Chosen, profile: Profile): ProgramRef => ({
  program: scenario.name,
  revision: profile.name,
  args: { driver: driver.name },
});

const driverIn = (args: unknown): unknown =>
  typeof args === 'object' && args !== null && 'driver' in args ? args.driver : undefined;

const profileNamed = (driver: AnyDriver, name: string): Profile | undefined => {
  const [revision = '', ...remedies] = name.split(WITH);
  return modelOf(driver, { revision, remedies });
};

/** The scenario and the model that a token names, if they are here. */
export const findScenario = (
  chosen: readonly Chosen[],
  { program, revision, args }: ProgramRef,
): { readonly found: Chosen; readonly profile: Profile } | undefined => {
  const found = chosen.find(({ scenario, driver }) => scenario.name === program && driver.name === driverIn(args));
  const profile = found === undefined ? undefined : profileNamed(found.driver, revision);
  return found === undefined || profile === undefined ? undefined : { found, profile };
};

/** Finds the scenario that a token names among those that are here. */
export const resolveScenario =
  (chosen: readonly Chosen[]): ResolveProgram =>
  (ref) => {
    const named = findScenario(chosen, ref);
    return named === undefined ? undefined : checkedProgram(named.found, named.profile);
  };
