// SPDX-License-Identifier: GPL-2.0-only
import { availableParallelism } from 'node:os';
import { callWatched, decodeToken } from '@libmultipath/checker';
import { isLmpError } from '@libmultipath/errors';
import { exitCodeOf, onEndSignals, type EndSignal } from '@libmultipath/harness';
import type { TerminalView } from '@libmultipath/report';
import { jobsOf } from '../check/jobs-of.js';
import { checkModelName, POSTED, type ModelName } from '../check/models.js';
import { findConfig, loadConfig, type LoadedConfig } from '../config.js';
import { printError, running, viewOn, type CliContext } from '../context.js';
import { levelOf, type LevelFlags } from '../level.js';
import { readToken } from '../findings/read-token.js';
import { selectEverything, selectForCheck } from '../battery/select-battery.js';
import { scenarioRef } from '../findings/scenario-ref.js';
import type { Chosen } from '../selection.js';
import { isFindingId, shownBySearch } from './find-finding.js';
import { printRepair } from './print-repair.js';
import type { RepairDone, RepairTask } from './repair-work.js';

export interface RepairFlags extends LevelFlags {
  readonly driver?: string;
  readonly revision?: string;
  readonly steps: number;
  readonly sets: number;
  readonly edges: number;
}

const REPAIR_WORK = { module: new URL('./repair-work.js', import.meta.url).href, export: 'repairWork' };

/** A signal came before the thread was done. */
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
        // Whom the signal met in a loop is worth knowing.
        if (isLmpError(error) && error.code === 'LMP-341') printError(context, error, config?.errors ?? []);
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
  const level = levelOf(flags);
  const view = viewOn(context, stderr, { level });
  const progress = (text: string): void => view.report({ type: 'progress', text });
  try {
    const found = token === undefined ? await lookFor(config, flags, { id, names, signal }, view) : undefined;
    const shown: RepairTask['shown'] = found?.shown ?? { token: token ?? '' };
    const title = `trying what mends ${token === undefined ? id : decodeToken(token).finding}`;
    let begun = false;
    const task: RepairTask = {
      config: config.file,
      driver: flags.driver,
      names,
      everything: found?.everything ?? false,
      shown,
      steps: flags.steps,
      sets: flags.sets,
      edges: flags.edges,
    };
    const answer = await callWatched(REPAIR_WORK, task, {
      signal,
      onText: (text) => {
        if (!begun) view.report({ type: 'stage', title });
        begun = true;
        progress(text);
      },
    });
    if ('ended' in answer) throw new Stopped();
    // By our own function.
    const done = answer.returned as RepairDone;
    view.end();
    printRepair(done, level, stdout);
    const { remedies, edges, stopped } = done.result;
    return remedies.length + edges.length > 0 ? 0 : stopped ? 4 : 1;
  } finally {
    view.end();
  }
};

/** Explores scenarios until one shows the id, and then the shapes of the battery: they take longer. */
const lookFor = async (
  config: LoadedConfig,
  { driver, revision = POSTED, steps }: RepairFlags,
  { id, names, signal }: Omit<Asked, 'token'>,
  view: TerminalView,
): Promise<Pick<RepairTask, 'shown' | 'everything'>> => {
  const model: ModelName = { revision, remedies: [] };
  const chosen = await selectForCheck(config, names, driver, false);
  checkModelName([...new Set(chosen.map((one) => one.driver))], model);
  view.report({ type: 'stage', title: `looking for ${id}` });
  const progress = (text: string): void => view.report({ type: 'progress', text });
  const how = { workers: availableParallelism(), signal, progress };
  const search = async (among: readonly Chosen[], everything: boolean) => {
    const { finding, chosen: shownBy, profile } = await shownBySearch(id, jobsOf(config, among, model), steps, how);
    return { shown: { finding, ref: scenarioRef(shownBy, profile) }, everything };
  };
  try {
    return await search(chosen, false);
  } catch (error) {
    if (!isLmpError(error) || error.code !== 'LMP-914' || names.length > 0 || signal.aborted) throw error;
    return search(await selectEverything(config, driver), true);
  }
};
