// SPDX-License-Identifier: GPL-2.0-only
import {
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
import type { NvmeModelWorld } from '../model/world.js';
import type { NvmeTopology } from '../topology.js';
import { differences } from './differences.js';
import { libraryModels } from '../library-models.js';

type Profile = ModelProfile<NvmeTopology, NvmeModelWorld>;

const named = (name: string): Profile => {
  const found = libraryModels.find((model) => model.name === name);
  if (found === undefined) throw new Error(`there is no model of ${name}`);
  return found;
};
const v3 = named('v3');
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

const explained = (model: string, scenario: string, label: string): boolean =>
  differences.some(
    (one) =>
      one.between.includes(model) &&
      (one.scenario === '*' || one.scenario === scenario) &&
      (one.observation === '*' || one.observation === label),
  );

/** Faults of the posted drivers that the scenarios show, and `differences` explains. */
const known: Readonly<Record<string, RegExp>> = {
  v1: /module_put: reference count of nvme_core underflows$|work_struct hint: requeue_work$|in kworker.*requeue_work$|in nvme_mpath_get_iopolicy$/,
  v2: /in nvme_mpath_get_iopolicy$/,
};

const conversions = ['v1', 'v2', 'v3', 'fixed'].map(named);

describe.each(conversions)('the model of $name', (model) => {
  it.each(scenarios.filter(({ needs }) => needs.every((need) => model.features.has(need))))(
    '$name: shows on virtual time what 7.3 shows, but for what is explained',
    (scenario) => {
      const ours = runOn(scenario, model);
      const theirs = runOn(scenario, mainline);
      expect(ours.reports.filter((message) => known[model.name]?.test(message) !== true)).toEqual([]);
      expect(theirs.reports).toEqual([]);
      expect(
        differing(ours.outcome, theirs.outcome)
          .filter((label) => !explained(model.name, scenario.name, label))
          .map((label) => [label, ours.outcome[label], theirs.outcome[label]]),
      ).toEqual([]);
    },
  );

  it('explains nothing that does not differ', () => {
    const seen = new Set(
      scenarios
        .filter(({ needs }) => needs.every((need) => model.features.has(need)))
        .flatMap((scenario) =>
          differing(runOn(scenario, model).outcome, runOn(scenario, mainline).outcome).map((label) =>
            [scenario.name, label].join('/'),
          ),
        ),
    );
    const idle = differences.filter(
      ({ between, scenario, observation }) =>
        between.includes(model.name) &&
        (scenario === '*' || scenarios.some(({ name }) => name === scenario)) &&
        ![...seen].some(
          (entry) => entry.endsWith(`/${observation}`) && (scenario === '*' || entry.startsWith(`${scenario}/`)),
        ),
    );
    expect(idle.map(({ scenario, observation }) => [scenario, observation])).toEqual([]);
  });
});

describe('the models of the posted revisions', () => {
  it('have the features of what they were posted on', () => {
    const base = nvmeDriver.models.find(({ name }) => name === '7.2');
    expect([...(base?.features ?? [])].filter((feature) => !v3.features.has(feature))).toEqual([
      'failed-probe-waits-for-readers',
      'cdev-reference',
    ]);
    expect([...named('v2').features].filter((feature) => !named('v1').features.has(feature))).toEqual([]);
    expect([...v3.features].filter((feature) => !named('v2').features.has(feature))).toEqual([
      'exact-module-iopolicy',
      'passthrough-counts',
      'reservation-reads',
      'diag-counters',
    ]);
  });

  it('say that a policy changed, but not of which subsystem', () => {
    const scenario = scenarios.find(({ name }) => name === 'round-robin-alternates');
    if (scenario === undefined) throw new Error('the scenario is gone');
    const said = [named('v1'), v3, mainline].map((profile) => runOn(scenario, profile).outcome['policy-message']);
    const change = 'iopolicy changed from numa to round-robin';
    expect(said).toEqual([[change], [change], [`subsysnqn <NQN> ${change}`]]);
  });
});
