// SPDX-License-Identifier: GPL-2.0-only
import { isLmpError } from '@libmultipath/errors';
import { availableParallelism } from 'node:os';
import { explore, findingIds, repair, type RepairVerdict } from '@libmultipath/checker';
import { exitCodeOf, onEndSignals, type EndSignal } from '@libmultipath/harness';
import type { Program } from '@libmultipath/kernel';
import { isBatteryDriver } from '@libmultipath/scenario';
import { jobsOf } from '../check/jobs-of.js';
import type { Job } from '../check/job.js';
import { checkModelName, POSTED, type ModelName } from '../check/models.js';
import { findConfig, loadConfig, type LoadedConfig } from '../config.js';
import { running, viewOn, type CliContext } from '../context.js';
import { levelOf, type LevelFlags } from '../level.js';
import { readToken } from '../findings/read-token.js';
import { selectEverything, selectForCheck } from '../battery/select-battery.js';
import { isFindingId, shownBySearch, shownByToken, type Shown } from './find-finding.js';
import { printRepair } from './print-repair.js';
import { Remedied } from './remedied.js';

export interface RepairFlags extends LevelFlags {
  readonly driver?: string;
  readonly revision?: string;
  readonly steps: number;
  readonly sets: number;
  readonly edges: number;
}

/** Steps of each other shape of the battery in which nothing new may show: there are many of them. */
const SHAPE_STEPS = 10_000;

/** Ends the searches between two of them. */
class Stopped extends Error {}

/** `mpath repair FINDING`. */
export const runRepair = async (
  context: CliContext,
  flags: RepairFlags,
  [argument = '', ...names]: readonly string[],
): Promise<void> => {
  let config: LoadedConfig | undefined;
  let ended: EndSignal | undefined;
  const stop = new AbortController();
  const release = onEndSignals((signal) => {
    ended = signal;
    stop.abort(signal);
  });
  await running(
    context,
    async () => {
      try {
        const token = isFindingId(argument) ? undefined : await readToken(argument, context.cwd);
        config = await loadConfig(findConfig(context.cwd));
        return await mend(context, flags, config, { id: argument, token, names, signal: stop.signal });
      } catch (error) {
        if (ended === undefined) throw error;
        context.process.stderr.write(`stopped by ${ended}\n`);
        // POSIX: 128 and the number of the signal, which is one of three.
        return exitCodeOf(ended) as 129 | 130 | 143;
      } finally {
        release();
      }
    },
    () => config?.errors ?? [],
  );
};

interface Asked {
  readonly id: string;
  readonly token: string | undefined;
  readonly names: readonly string[];
  readonly signal: AbortSignal;
}

const mend = async (
  context: CliContext,
  flags: RepairFlags,
  config: LoadedConfig,
  { id, token, names, signal }: Asked,
): Promise<0 | 1 | 4> => {
  const { stdout, stderr } = context.process;
  let chosen = await selectForCheck(config, names, flags.driver, false);
  const model: ModelName = { revision: flags.revision ?? POSTED, remedies: [] };
  const remedied = new Remedied();
  const programOf = ({ chosen: one, profile }: Pick<Job, 'chosen' | 'profile'>): Program =>
    remedied.program(one, profile, namesIn(profile.name));
  const level = levelOf(flags);
  const view = viewOn(context, stderr, { level });
  const progress = (text: string): void => view.report({ type: 'progress', text });
  try {
    let shown: Shown;
    if (token === undefined) {
      checkModelName([...new Set(chosen.map(({ driver }) => driver))], model);
      view.report({ type: 'stage', title: `looking for ${id}` });
      const how = { workers: availableParallelism(), signal, progress };
      const search = () => shownBySearch(id, jobsOf(config, chosen, model), flags.steps, how);
      shown = await search().catch(async (error: unknown) => {
        // The battery takes longer, so it is asked only for what no scenario shows.
        if (!isLmpError(error) || error.code !== 'LMP-914' || names.length > 0) throw error;
        chosen = await selectEverything(config, flags.driver);
        return search();
      });
    } else shown = shownByToken(token, await selectEverything(config, flags.driver));
    const { finding, profile } = shown;
    const job = { chosen: shown.chosen, profile };
    const battery = jobsOf(config, chosen, { revision: profile.name, remedies: [] }).filter(
      ({ chosen: { driver, scenario } }) =>
        driver.name === job.chosen.driver.name && scenario.name !== job.chosen.scenario.name,
    );
    const remedies = remedied.remedies(job.chosen, profile);
    view.report({ type: 'stage', title: `trying what mends ${finding.id}` });
    let searches = 0;
    const search = async (program: Program): Promise<RepairVerdict> => {
      // Signals are heard between two searches.
      await new Promise((resolve) => setImmediate(resolve));
      if (signal.aborted) throw new Stopped();
      progress(`${String(++searches)} searches`);
      const isOwn = program.name.startsWith(`${job.chosen.driver.name}/${job.chosen.scenario.name} on `);
      const most = isOwn || !isBatteryDriver(job.chosen.driver) ? flags.steps : Math.min(flags.steps, SHAPE_STEPS);
      const found = explore(program, { maxSteps: most });
      return { ids: findingIds(program, found), complete: found.complete };
    };
    const result = await repair(finding, {
      program: programOf(job),
      remedies,
      explore: search,
      battery: battery.map(programOf),
      maxRemedies: flags.sets,
      maxEdges: flags.edges,
    });
    view.end();
    printRepair(result, shown, { remedies: remedies.length, battery: battery.length, level }, stdout);
    return result.remedies.length + result.edges.length > 0 ? 0 : result.stopped ? 4 : 1;
  } finally {
    view.end();
  }
};

const namesIn = (revision: string): readonly string[] => revision.split('+').slice(1);
