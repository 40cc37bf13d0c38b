// SPDX-License-Identifier: GPL-2.0-only
import {
  FAULT,
  STUCK,
  type AnyDriver,
  type Json,
  type ModelProfile,
  type Outcome,
  type Scenario,
  type ScenarioStep,
} from '@libmultipath/contract';
import { isBatteryDriver } from './battery/battery-driver.js';
import {
  kfn,
  KObject,
  settle,
  withCurrent,
  type Machine,
  type MachineOptions,
  type Program,
  type Steps,
} from '@libmultipath/kernel';

/** How far the scenario has come and what it saw: all the private state of its task, so states can be told apart. */
class scenario_run extends KObject {
  /** Index of the entry that is being carried out. */
  position = 0;
  readonly outcome: Record<string, Json> = {};
}

/**
 * The scenario on a model of its driver: what a checker explores. One user task on CPU 0
 * carries out the entries in order; after each that is not in the background everything
 * comes to rest. The outcome has the value of each observation, {@link STUCK} where a
 * schedule ends before the scenario does, and {@link FAULT} where the simulated kernel reports.
 */
export const scenarioProgram = (
  scenario: Scenario,
  driver: AnyDriver,
  profile: ModelProfile<unknown, unknown>,
): Program => ({
  name: `${driver.name}/${scenario.name} on ${profile.name}`,
  options: {
    numa: profile.numa(scenario.topology),
    ...failableOf(profile.failable?.(scenario.topology)),
    ...(scenario.lateTimers === true ? { lateTimers: true } : {}),
  },
  properties: profile.properties?.(scenario.topology) ?? [],
  make: (machine) => {
    const { world, run } = withCurrent(machine, undefined, () => ({
      world: profile.makeWorld(scenario.topology),
      run: new scenario_run(),
    }));
    machine.globals.set('scenario', run);
    const task = machine.spawn('scenario', () => perform(scenario, driver, world, run), { cpu: 0 });
    return {
      // In a shape of the battery whoever waits for ever is a finding, whatever the scenario's own task has seen.
      ...(isBatteryDriver(driver) ? {} : { finished: () => task.done }),
      outcome: (): Outcome => {
        const step = scenario.steps[run.position];
        const seen = { ...run.outcome, ...faultsOf(machine) };
        if ((task.done && !task.killed) || step === undefined) return seen;
        return { ...seen, [STUCK]: `${String(step.line)}: ${wordOf(step)}` };
      },
    };
  },
});

const failableOf = (failable: MachineOptions['failable']): MachineOptions =>
  failable === undefined ? {} : { failable };

/** What the simulated kernel reported; part of the outcome, so that states with and without are told apart. */
const faultsOf = ({ reports }: Machine): Outcome =>
  reports.length === 0 ? {} : { [FAULT]: [...new Set(reports.map(({ message }) => message))].sort() };

const wordOf = (step: ScenarioStep): string => (step.kind === 'do' ? step.verb : step.observation);

function* perform(scenario: Scenario, driver: AnyDriver, world: unknown, run: scenario_run): Steps<void> {
  for (const [index, step] of scenario.steps.entries()) {
    run.position = index;
    // A frame of its own counts the rests within an entry: two that change nothing in between are not one state.
    yield* kfn(wordOf(step), () => carryOut(step, driver, world, run))();
  }
}

function* carryOut(step: ScenarioStep, driver: AnyDriver, world: unknown, run: scenario_run): Steps<void> {
  if (step.kind === 'do') {
    const definition = driver.steps[step.verb];
    if (definition === undefined) throw new Error(`the driver ${driver.name} lost its step ${step.verb}`);
    yield* definition.model(world, step.args);
    if (definition.background !== true) yield* settle([]);
  } else {
    const definition = driver.observations[step.observation];
    if (definition === undefined) throw new Error(`the driver ${driver.name} lost its observation ${step.observation}`);
    run.outcome[step.label] = yield* definition.model(world, step.args);
  }
}
