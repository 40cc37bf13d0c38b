// SPDX-License-Identifier: GPL-2.0-only
import {
  explore,
  findingIds,
  repair,
  type Finding,
  type ProgramRef,
  type RepairResult,
  type RepairVerdict,
  type WatchedWork,
} from '@libmultipath/checker';
import type { Program } from '@libmultipath/kernel';
import { isBatteryDriver } from '@libmultipath/scenario';
import { selectEverything, selectForCheck } from '../battery/select-battery.js';
import type { Job } from '../check/job.js';
import { jobsOf } from '../check/jobs-of.js';
import { loadConfig } from '../config.js';
import { errors } from '../errors.js';
import { findScenario } from '../findings/scenario-ref.js';
import { shownByToken, type Shown } from './find-finding.js';
import { Remedied } from './remedied.js';

/** What the thread is to mend, by names: programs cannot be handed over. */
export interface RepairTask {
  /** Path of mpath.config.ts. */
  readonly config: string;
  readonly driver: string | undefined;
  /** Scenarios in which nothing new may show; none: all of them. */
  readonly names: readonly string[];
  /** Shapes of the battery as well. */
  readonly everything: boolean;
  readonly shown: { readonly token: string } | { readonly finding: Finding; readonly ref: ProgramRef };
  readonly steps: number;
  readonly sets: number;
  readonly edges: number;
}

/** What is printed of it. */
export interface RepairDone {
  readonly result: RepairResult;
  readonly finding: Finding;
  readonly scenario: string;
  readonly revision: string;
  readonly remedies: number;
  /** Other scenarios in which nothing new may show. */
  readonly battery: number;
}

/** Steps of each other shape of the battery in which nothing new may show: there are many of them. */
const SHAPE_STEPS = 10_000;

const namesIn = (revision: string): readonly string[] => revision.split('+').slice(1);

/** Runs in a thread of its own: every run of the repair is one of the driver's code, which may never come back. */
export const repairWork: WatchedWork<RepairTask, RepairDone> = async (task) => {
  const config = await loadConfig(task.config);
  const all = 'token' in task.shown || task.everything ? await selectEverything(config, task.driver) : undefined;
  const chosen =
    all !== undefined && task.everything ? all : await selectForCheck(config, task.names, task.driver, false);
  return async (tell) => {
    let shown: Shown;
    if ('token' in task.shown) shown = shownByToken(task.shown.token, all ?? chosen);
    else {
      const { finding, ref } = task.shown;
      const named = findScenario(chosen, ref);
      if (named === undefined) {
        throw errors.fail('LMP-905', {
          message: 'the configuration lost a scenario or a model that it had',
          where: `${ref.program} ${ref.revision}`,
        });
      }
      shown = { finding, chosen: named.found, profile: named.profile };
    }
    return mend(task, shown, jobsOf(config, chosen, { revision: shown.profile.name, remedies: [] }), tell);
  };
};

const mend = async (
  { steps, sets, edges }: RepairTask,
  { finding, chosen, profile }: Shown,
  jobs: readonly Job[],
  tell: (text: string) => void,
): Promise<RepairDone> => {
  const { driver, scenario } = chosen;
  const remedied = new Remedied();
  const programOf = (one: Pick<Job, 'chosen' | 'profile'>): Program =>
    remedied.program(one.chosen, one.profile, namesIn(one.profile.name));
  const battery = jobs.filter(
    (one) => one.chosen.driver.name === driver.name && one.chosen.scenario.name !== scenario.name,
  );
  const remedies = remedied.remedies(chosen, profile);
  let searches = 0;
  const search = (program: Program): RepairVerdict => {
    tell(`${String(++searches)} searches`);
    const isOwn = program.name.startsWith(`${driver.name}/${scenario.name} on `);
    const found = explore(program, {
      maxSteps: isOwn || !isBatteryDriver(driver) ? steps : Math.min(steps, SHAPE_STEPS),
    });
    return { ids: findingIds(program, found), complete: found.complete };
  };
  const result = await repair(finding, {
    program: programOf({ chosen, profile }),
    remedies,
    explore: search,
    battery: battery.map(programOf),
    maxRemedies: sets,
    maxEdges: edges,
  });
  return {
    result,
    finding,
    scenario: scenario.name,
    revision: profile.name,
    remedies: remedies.length,
    battery: battery.length,
  };
};
