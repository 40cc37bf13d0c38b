// SPDX-License-Identifier: GPL-2.0-only
import { availableParallelism } from 'node:os';
import { resolve } from 'node:path';
import { readCheckpoint, type SampleMethod } from '@libmultipath/checker';
import type { CheckDocument, CheckStates } from '@libmultipath/contract';
import { isBatteryDriver } from '@libmultipath/scenario';
import { exitCodeOf, onEndSignals, type EndSignal } from '@libmultipath/harness';
import { checkSummaryLines, exitCode, printable, worstExit, type ExitCode } from '@libmultipath/report';
import { findConfig, loadConfig, type LoadedConfig } from '../config.js';
import { printError, running, viewOn, type CliContext } from '../context.js';
import { errors } from '../errors.js';
import { selectForCheck } from '../battery/select-battery.js';
import { levelOf, type LevelFlags } from '../level.js';
import type { Chosen } from '../selection.js';
import { checkStories } from '../reports/check-stories.js';
import { checkReportTargets, writeReports, type ReportFlags } from '../reports/write-reports.js';
import { checkDocumentTarget, writeDocument } from '../write-document.js';
import { assemble, expectedRevision, withOwners, type CheckedRevision } from './assemble.js';
import { contractRows, withContract } from './contract.js';
import { exploreJobs, type Searched } from './explore-jobs.js';
import type { Explored, ExploreContext, Job } from './job.js';
import { knownOf } from './known.js';
import { jobsOf, unsupported } from './jobs-of.js';
import { checkModelName, FIXED, modelOf, POSTED, type ModelName } from './models.js';
import { printChecked, printFindings } from './print-check.js';
import { quickJobs } from './quick-jobs.js';
import { Saving } from './saving.js';
import { sampleJobs } from './sample-jobs.js';

export interface CheckFlags extends ReportFlags, LevelFlags {
  readonly driver?: string;
  readonly revision?: string;
  readonly against?: string;
  readonly remedy?: readonly string[];
  readonly known?: string;
  readonly preemptions?: number;
  readonly sample?: number;
  readonly seed?: number;
  readonly method?: SampleMethod;
  readonly states?: 'settle' | CheckStates;
  readonly steps?: number;
  readonly workers?: number;
  readonly time?: number;
  readonly save?: string;
  readonly resume?: string;
  readonly full: boolean;
  readonly battery: boolean;
  readonly quick: boolean;
  readonly json?: string;
}

const DEFAULT_SEED = 1;
const DEFAULT_METHOD = 'pos';
/** New and replayed steps of one scenario, and of one shape of the battery: there are many of these. */
const SCENARIO_STEPS = 10_000_000;
const SHAPE_STEPS = 200_000;

/** What making the schedule of a known finding of the battery smaller may take, unless it is printed: there are hundreds. */
const LISTED_SHRINK_STEPS = 2_000;

/** Seconds after a signal in which schedules that were found are told. */
const TELL_AFTER_S = 1;

const isBattery = (jobs: readonly Job[]): boolean => jobs.some(({ chosen }) => isBatteryDriver(chosen.driver));

const stepsOf = ({ steps }: CheckFlags, jobs: readonly Job[]): number =>
  steps ?? (isBattery(jobs) ? SHAPE_STEPS : SCENARIO_STEPS);

/** Undefined: states at settle points alone are known again. */
const statesOf = ({ states }: CheckFlags): CheckStates | undefined => (states === 'settle' ? undefined : states);

/** @throws LMP-909 */
const checkFlags = (flags: CheckFlags): void => {
  const clash = (one: keyof CheckFlags, other: keyof CheckFlags, todo: string): void => {
    if (flags[one] === undefined || flags[other] === undefined) return;
    throw errors.fail('LMP-909', { message: `--${one} does not go with --${other}`, where: `--${one}`, todo });
  };
  clash('preemptions', 'sample', 'leave one of the two out: one explores all of few, the other some of all');
  clash('save', 'sample', 'a sample is drawn again from its seed');
  clash('resume', 'sample', 'a sample is drawn again from its seed');
  if (statesOf(flags) !== undefined) {
    const todo = 'leave one of the two out: states between settle points are told where every schedule is explored';
    clash('states', 'sample', todo);
    clash('states', 'preemptions', todo);
  }
  if (flags.quick) {
    const other = (['sample', 'preemptions', 'save', 'resume', 'steps', 'states'] as const).find(
      (name) => flags[name] !== undefined,
    );
    if (other !== undefined) {
      throw errors.fail('LMP-909', {
        message: `--quick does not go with --${other}`,
        where: `--${other}`,
        todo: 'leave one of the two out: a quick look chooses its bounds by the time',
      });
    }
  }
  if (flags.seed !== undefined && flags.sample === undefined && !flags.quick) {
    throw errors.fail('LMP-909', { message: 'expected --sample N or --quick beside it, found none', where: '--seed' });
  }
  if (flags.method !== undefined && flags.sample === undefined) {
    throw errors.fail('LMP-909', { message: 'expected --sample N beside it, found none', where: '--method' });
  }
};

/** The revisions to explore: the one that tells whose a finding is comes first. */
const modelNames = (
  flags: CheckFlags,
  chosen: readonly Chosen[],
): readonly [ModelName] | readonly [ModelName, ModelName] => {
  const drivers = [...new Set(chosen.map(({ driver }) => driver))];
  const remedies = [...new Set(flags.remedy)];
  const main: ModelName = { revision: flags.revision ?? POSTED, remedies };
  checkModelName(drivers, main);
  const fixed: ModelName = { revision: FIXED, remedies: [] };
  const author = flags.revision === undefined && remedies.length === 0;
  const byItself = author && drivers.some((driver) => modelOf(driver, fixed) !== undefined) ? FIXED : undefined;
  const revision = flags.against ?? byItself;
  if (revision === undefined || (revision === main.revision && remedies.length === 0)) return [main];
  const against: ModelName = { revision, remedies: [] };
  checkModelName(drivers, against);
  return [main, against];
};

/** `mpath check`. */
export const runCheck = async (context: CliContext, flags: CheckFlags, names: readonly string[]): Promise<void> => {
  let config: LoadedConfig | undefined;
  await running(
    context,
    async () => {
      checkFlags(flags);
      await checkDocumentTarget(context, flags.json);
      await checkReportTargets(context, flags);
      config = await loadConfig(findConfig(context.cwd));
      return check(context, flags, config, names);
    },
    () => config?.errors ?? [],
  );
};

const explored = async (
  context: CliContext,
  flags: CheckFlags,
  jobs: readonly Job[],
  how: ExploreContext,
  saving: Saving | undefined,
): Promise<Searched> => {
  if (flags.sample !== undefined) {
    const draw = {
      schedules: flags.sample,
      seed: flags.seed ?? DEFAULT_SEED,
      method: flags.method ?? DEFAULT_METHOD,
    };
    return { found: await sampleJobs(jobs, draw, how) };
  }
  if (flags.quick) return { found: await quickJobs(jobs, flags.seed ?? DEFAULT_SEED, how) };
  const resume = flags.resume === undefined ? undefined : await readCheckpoint(resolve(context.cwd, flags.resume));
  return exploreJobs(
    jobs,
    {
      maxSteps: stepsOf(flags, jobs),
      ...(flags.preemptions === undefined ? {} : { upTo: flags.preemptions }),
      states: statesOf(flags),
      listedShrinkSteps: isBattery(jobs) && !flags.full ? LISTED_SHRINK_STEPS : undefined,
      ...(resume === undefined ? {} : { resume }),
      onCheckpoint: saving?.onCheckpoint,
    },
    how,
  );
};

const check = async (
  context: CliContext,
  flags: CheckFlags,
  config: LoadedConfig,
  names: readonly string[],
): Promise<CliContext['exit']> => {
  const chosen = await selectForCheck(config, names, flags.driver, flags.battery);
  const drivers = [...new Set(chosen.map(({ driver }) => driver))];
  const [main, against] = modelNames(flags, chosen);
  const known = await knownOf(context, drivers, flags.known);
  const models = against === undefined ? [main] : [against, main];
  const jobs = models.map((name) => jobsOf(config, chosen, name));
  const all = jobs.flat();
  const output = flags.json === '-' ? context.process.stderr : context.process.stdout;
  const level = levelOf(flags);
  const progress = viewOn(context, context.process.stderr, { level });
  if (jobs.at(-1)?.length === 0) {
    const [first] = chosen;
    const message = first === undefined ? 'no scenario' : (unsupported(first, main) ?? 'no scenario');
    throw errors.fail('LMP-910', {
      message: `expected a scenario that can be explored: ${message}`,
      where: main.revision,
    });
  }

  const stop = new AbortController();
  let ended: EndSignal | undefined;
  let endedAt = Infinity;
  const spent = (): boolean => context.now() - endedAt > TELL_AFTER_S;
  const release = onEndSignals((signal) => {
    ended = signal;
    endedAt = context.now();
    stop.abort(signal);
  });
  try {
    const workers = flags.workers ?? Math.min(all.length, availableParallelism());
    progress.report({
      type: 'stage',
      title: `exploring ${String(all.length)} program${all.length === 1 ? '' : 's'} in ${String(workers)} thread${workers === 1 ? '' : 's'}`,
    });
    const began = context.now();
    const saving = flags.save === undefined ? undefined : new Saving(resolve(context.cwd, flags.save));
    const { found, checkpoint } = await explored(
      context,
      flags,
      all,
      {
        workers,
        signal: stop.signal,
        progress: (text) => progress.report({ type: 'progress', text }),
        tooLarge: (text) => {
          progress.end();
          context.process.stderr.write(`${printable(text)}\n`);
        },
        listed: ({ chosen: { driver }, profile }) => {
          const expected = expectedRevision(
            profile.name,
            main.remedies.length > 0 && profile.name !== against?.revision,
          );
          return (known.get(driver) ?? []).flatMap(({ id, covers = [], revisions }) =>
            revisions.includes(expected) ? [{ id, covers }] : [],
          );
        },
        ...(flags.time === undefined ? {} : { timeMs: flags.time * 1_000 }),
      },
      saving,
    );
    // A driver that ended the search with an error would do so again.
    const asksContract = ended === undefined && !flags.quick && found.every(({ error }) => error === undefined);
    const contracts = [];
    for (const name of models) {
      contracts.push(asksContract ? await contractRows(config.file, drivers, name, known, stop.signal) : []);
    }
    const seconds = context.now() - began;
    progress.end();
    if (saving !== undefined) {
      if (checkpoint === undefined)
        context.process.stderr.write('Nothing is left to explore: no checkpoint is written.\n');
      else saving.onCheckpoint(checkpoint);
      await saving.settled();
    }
    const steps = found.reduce((sum, { exploration: { stats } }) => sum + stats.steps + stats.replayedSteps, 0);
    const exhaustive = flags.sample === undefined && flags.preemptions === undefined && !flags.quick;
    const whole = names.length === 0 && exhaustive;
    const part = (name: ModelName, own: readonly Job[], of: readonly Explored[]): CheckedRevision =>
      assemble(own, of, {
        revision: own[0]?.profile.name ?? name.revision,
        remedied: name.remedies.length > 0,
        known,
        exhaustive,
        whole,
        states: statesOf(flags),
        seconds,
        steps,
      });
    const [first = [], second = []] = jobs;
    const explorations = against === undefined ? undefined : part(against, first, found.slice(0, first.length));
    const other = explorations && withContract(explorations, contracts[0] ?? []);
    const own = withContract(
      part(main, against === undefined ? first : second, found.slice(other === undefined ? 0 : first.length)),
      contracts.at(-1) ?? [],
    );
    const checked = other === undefined ? own : withOwners(own, other);
    const print = { output, context, full: flags.full, level, spent };
    for (const [revision, name] of [
      [other, against],
      [checked, main],
    ] as const) {
      if (revision === undefined || name === undefined) continue;
      const left = chosen.flatMap((one): [string, string][] => {
        const why = unsupported(one, name);
        return why === undefined ? [] : [[one.scenario.name, why]];
      });
      printChecked(revision, left, print, name === against ? 'what shows here is the driver’s' : undefined);
    }
    await printFindings(checked, other, print);
    const states = statesOf(flags);
    const document: CheckDocument = {
      schema: 'mpath.check/1',
      ...checked.part,
      ...(states === undefined ? {} : { states }),
      ...(other === undefined ? {} : { against: other.part }),
    };
    for (const line of checkSummaryLines(document)) output.write(`${line}\n`);
    const unseen = new Set([...(other?.unseen ?? []), ...checked.unseen]);
    if (unseen.size > 0)
      output.write(`  listed and not seen this time: ${String(unseen.size)} (no sign that they are gone)\n`);
    await writeDocument(context, document, flags.json);
    const revisions = other === undefined ? [checked] : [checked, other];
    const page = async () => ({ kind: 'check' as const, document, stories: await checkStories(revisions, spent) });
    await writeReports(context, flags, document, page, output);
    const failed = found.flatMap(({ error }): ExitCode[] =>
      error === undefined ? [] : [printError(context, error, config.errors)],
    );
    if (ended !== undefined) {
      context.process.stderr.write(`stopped by ${ended}\n`);
      // POSIX: 128 and the number of the signal, which is one of three.
      return exitCodeOf(ended) as 129 | 130 | 143;
    }
    return worstExit([...failed, exitCode(document)]);
  } finally {
    release();
    progress.end();
  }
};
