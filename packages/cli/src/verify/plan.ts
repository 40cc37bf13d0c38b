// SPDX-License-Identifier: GPL-2.0-only
import {
  vmSpecKey,
  type AnyDriver,
  type ModelProfile,
  type ScenarioVerdict,
  type VmSpec,
} from '@libmultipath/contract';
import { missingFeature } from '@libmultipath/conformance';
import { isLmpError, type LmpError } from '@libmultipath/errors';
import type { Chosen } from '../selection.js';
import type { Group } from './run-group.js';

type Profile = ModelProfile<unknown, unknown>;

/** A scenario and the model that predicts the kernel for it. */
export interface Job {
  readonly chosen: Chosen;
  readonly profile: Profile;
}

export interface Plan {
  readonly jobs: readonly Job[];
  readonly unsupported: readonly ScenarioVerdict[];
}

/**
 * Which scenarios can be compared with a kernel of that release, and why the others cannot.
 * @param revision the kernel has the library: compared with this revision of it, not with its release's own multipath
 */
export const planFor = (release: string, chosen: readonly Chosen[], revision?: string): Plan => {
  const jobs: Job[] = [];
  const unsupported: ScenarioVerdict[] = [];
  for (const one of chosen) {
    const { driver, scenario } = one;
    const name = revision ?? driver.profileFor(release);
    const kind = revision === undefined ? 'mainline' : 'library';
    const profile = driver.models.find((model) => model.name === name && model.kind === kind);
    const reason =
      profile === undefined
        ? `the driver ${driver.name} has no model of ${revision ?? `Linux ${release}`}, only of ${modelsOf(driver, kind)}`
        : missingFeature(scenario, driver, profile);
    if (profile !== undefined && reason === undefined) jobs.push({ chosen: one, profile });
    else unsupported.push(emptyRow(one, profile?.name ?? '', 'unsupported', reason ?? ''));
  }
  return { jobs, unsupported };
};

const modelsOf = ({ models }: AnyDriver, kind: Profile['kind']): string =>
  models
    .filter((model) => model.kind === kind)
    .map(({ name }) => name)
    .join(', ') || 'none';

/** The row with what its driver says of the kind of agreement. */
export const withAgreement = ({ driver, scenario }: Chosen, row: ScenarioVerdict): ScenarioVerdict => {
  const agreement = driver.agreement?.(scenario.topology);
  return agreement === undefined ? row : { ...row, agreement };
};

/** A row without outcomes. */
export const emptyRow = (
  { scenario, driver }: Chosen,
  model: string,
  verdict: ScenarioVerdict['verdict'],
  reason: string,
): ScenarioVerdict => ({
  name: scenario.name,
  driver: driver.name,
  model,
  verdict,
  observations: 0,
  runs: 0,
  outcomes: [],
  differences: [],
  reason,
});

export interface Machines {
  readonly groups: readonly Group[];
  readonly unsupported: readonly ScenarioVerdict[];
}

/** Scenarios whose topologies need the same machine, together; a topology of which no machine can be made says why. */
export const groupsOf = (jobs: readonly Job[]): Machines => {
  const unsupported: ScenarioVerdict[] = [];
  const groups = new Map<string, { spec: Group['spec']; chosen: Chosen[] }>();
  for (const { chosen, profile } of jobs) {
    const spec = specOf(chosen);
    if (isLmpError(spec)) {
      unsupported.push(emptyRow(chosen, profile.name, 'unsupported', spec.format()));
      continue;
    }
    const key = vmSpecKey(spec);
    const group = groups.get(key) ?? { spec, chosen: [] };
    group.chosen.push(chosen);
    groups.set(key, group);
  }
  return { groups: [...groups.values()], unsupported };
};

const specOf = ({ driver, scenario }: Chosen): VmSpec | LmpError => {
  try {
    return driver.guest.lower(scenario.topology);
  } catch (error) {
    if (isLmpError(error)) return error;
    throw error;
  }
};
