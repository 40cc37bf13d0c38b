// SPDX-License-Identifier: GPL-2.0-only
import {
  libV3,
  loadScenarios,
  Machine,
  scenarioProgram,
  virtualTime,
  type ModelProfile,
  type Outcome,
  type Scenario,
} from '@libmultipath/driver-kit';
import { describe, expect, it } from 'vitest';
import { nvmeDriver } from '../driver.js';
import { environment_7_3 } from '../mainline/profiles.js';
import type { NvmeModelWorld } from '../model/world.js';
import type { NvmeTopology } from '../topology.js';
import { differences } from './differences.js';
import { libraryModel } from './model.js';

type Profile = ModelProfile<NvmeTopology, NvmeModelWorld>;

const v3: Profile = libraryModel(libV3, environment_7_3);
const mainline: Profile | undefined = nvmeDriver.models.find(({ name }) => name === '7.3');
const scenarios = (await loadScenarios(nvmeDriver.scenarios, [nvmeDriver])).map(({ scenario }) => scenario);

const runOn = (scenario: Scenario, profile: Profile | undefined): { outcome: Outcome; reports: string[] } => {
  if (profile === undefined) throw new Error('there is no model of 7.3');
  const program = scenarioProgram(scenario, nvmeDriver, profile);
  const machine = new Machine(program.options);
  const run = program.make(machine);
  machine.run(virtualTime(), () => run.finished?.() ?? false);
  // A scenario's program gives outcomes.
  return { outcome: run.outcome() as Outcome, reports: machine.reports.map(({ message }) => message) };
};

const differing = (a: Outcome, b: Outcome): string[] =>
  [...new Set([...Object.keys(a), ...Object.keys(b)])].filter(
    (label) => JSON.stringify(a[label]) !== JSON.stringify(b[label]),
  );

const explained = (scenario: string, label: string): boolean =>
  differences.some(
    (one) =>
      (one.scenario === '*' || one.scenario === scenario) && (one.observation === '*' || one.observation === label),
  );

describe('the model of v3', () => {
  it('has the features of its base and the name of the revision', () => {
    expect([v3.name, v3.kind]).toEqual(['v3', 'library']);
    const base = nvmeDriver.models.find(({ name }) => name === '7.2');
    expect([...v3.features]).toEqual([...(base?.features ?? [])]);
  });

  it.each(scenarios)('$name: shows on virtual time what 7.3 shows, but for what is explained', (scenario) => {
    const ours = runOn(scenario, v3);
    const theirs = runOn(scenario, mainline);
    expect(ours.reports).toEqual([]);
    expect(theirs.reports).toEqual([]);
    expect(differing(ours.outcome, theirs.outcome).filter((label) => !explained(scenario.name, label))).toEqual([]);
  });

  it('says that a policy changed, but not of which subsystem', () => {
    const scenario = scenarios.find(({ name }) => name === 'round-robin-alternates');
    if (scenario === undefined) throw new Error('the scenario is gone');
    const said = [v3, mainline].map((profile) => runOn(scenario, profile).outcome['policy-message']);
    const change = 'iopolicy changed from numa to round-robin';
    expect(said).toEqual([[change], [`subsysnqn <NQN> ${change}`]]);
  });

  it('explains nothing that does not differ', () => {
    const seen = new Set(
      scenarios.flatMap((scenario) =>
        differing(runOn(scenario, v3).outcome, runOn(scenario, mainline).outcome).map((label) =>
          [scenario.name, label].join('/'),
        ),
      ),
    );
    const idle = differences.filter(
      ({ scenario, observation }) =>
        ![...seen].some(
          (entry) => entry.endsWith(`/${observation}`) && (scenario === '*' || entry.startsWith(`${scenario}/`)),
        ),
    );
    expect(idle.map(({ observation }) => observation)).toEqual([]);
  });
});
