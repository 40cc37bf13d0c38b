// SPDX-License-Identifier: GPL-2.0-only
import { availableParallelism } from 'node:os';
import { resolve } from 'node:path';
import type { Report } from '@libmultipath/contract';
import { Discriminating, readRecording, recordingUrl, withRecorded, writeRecording } from '@libmultipath/conformance';
import { exitCodeOf, onEndSignals } from '@libmultipath/harness';
import { exitCode, type TerminalView } from '@libmultipath/report';
import { catalogues } from '../catalogues.js';
import { findConfig, loadConfig, type LoadedConfig } from '../config.js';
import { running, viewOn, type CliContext } from '../context.js';
import { errors } from '../errors.js';
import { explorerInWorkers, type Explorer } from '../explorer.js';
import { levelOf, type LevelFlags } from '../level.js';
import { selectScenarios, type Chosen } from '../selection.js';
import { checkReportTargets, writeReports, type ReportFlags } from '../reports/write-reports.js';
import { checkDocumentTarget, writeDocument } from '../write-document.js';
import { Artifacts } from './artifacts.js';
import { Expectations } from './expectations.js';
import { kernelRequests } from './kernel-request.js';
import { realLaboratory } from './real-laboratory.js';
import { partOf, type Shard } from './shard.js';
import { Tally } from './tally.js';
import { verifyLive } from './verify-live.js';
import { verifyRecorded } from './verify-recorded.js';
import { cacheDirOf } from '@libmultipath/vm-images';

export interface VerifyFlags extends ReportFlags, LevelFlags {
  readonly driver?: string;
  readonly kernel?: readonly string[];
  readonly modules?: string;
  readonly revision?: string;
  readonly runs: number;
  readonly repeat: number;
  readonly record: boolean;
  readonly recorded: boolean;
  readonly time?: number;
  readonly shard?: Shard;
  readonly expect?: string;
  readonly artifacts?: string;
  readonly json?: string;
  readonly keep: boolean;
}

/** `mpath verify`. */
export const runVerify = async (context: CliContext, flags: VerifyFlags, names: readonly string[]): Promise<void> => {
  let config: LoadedConfig | undefined;
  await running(
    context,
    async () => {
      checkFlags(flags);
      await checkDocumentTarget(context, flags.json);
      await checkReportTargets(context, flags);
      config = await loadConfig(findConfig(context.cwd));
      const selected = await selectScenarios(config, names, flags.driver);
      const chosen = flags.shard === undefined ? selected : partOf(selected, flags.shard);
      const output = flags.json === '-' ? context.process.stderr : context.process.stdout;
      const kernels = Math.max(1, flags.kernel?.length ?? 0);
      const view = viewOn(context, output, { level: levelOf(flags), rows: chosen.length * kernels });
      const tally = new Tally(await expectations(context, flags.expect));
      for (const driver of config.drivers) {
        const list = await Discriminating.read(driver.scenarios);
        if (list !== undefined) tally.meaning(driver.name, list);
      }
      const over = flags.time === undefined ? undefined : AbortSignal.timeout(flags.time * 1_000);
      const explorer = explorerInWorkers(config.file, availableParallelism());
      try {
        if (flags.recorded) {
          const { drivers } = config;
          const { now } = context;
          await verifyRecorded({
            explorer,
            drivers,
            kernels: flags.kernel ?? [],
            chosen,
            report: view.report,
            now,
            tally,
            over,
          });
        } else {
          await live(context, flags, config, chosen, view, tally, explorer, over);
        }
      } finally {
        view.end();
        await explorer.end();
      }
      const document = tally.document();
      view.summary(document);
      await writeDocument(context, document, flags.json);
      await writeReports(context, flags, document, () => ({ kind: 'verify', document }), output);
      return exitCode(document);
    },
    () => config?.errors ?? [],
  );
};

const expectations = async (context: CliContext, file: string | undefined): Promise<Expectations | undefined> =>
  file === undefined ? undefined : Expectations.read(resolve(context.cwd, file), context.today());

const checkFlags = ({ record, recorded, modules, artifacts, revision }: VerifyFlags): void => {
  const live = {
    '--record': record,
    '--modules': modules !== undefined,
    '--artifacts': artifacts !== undefined,
    '--revision': revision !== undefined,
  };
  const clash = recorded ? Object.entries(live).find(([, given]) => given)?.[0] : undefined;
  if (clash === undefined) return;
  const todo = 'leave one of the two out: --recorded boots nothing';
  throw errors.fail('LMP-909', { message: `${clash} does not go with --recorded`, where: clash, todo });
};

const live = async (
  context: CliContext,
  flags: VerifyFlags,
  config: LoadedConfig,
  chosen: readonly Chosen[],
  view: TerminalView,
  tally: Tally,
  explorer: Explorer,
  over: AbortSignal | undefined,
): Promise<void> => {
  const stop = new AbortController();
  const report: Report = (event) => {
    if (!stop.signal.aborted) view.report(event);
  };
  const progress = (text: string): void => report({ type: 'progress', text });
  const note = (text: string): void => report({ type: 'note', text });
  const { signal } = stop;
  const release = onEndSignals(async (ended) => {
    stop.abort();
    // The machines are gone; what was compared until now still counts, but not as a verdict on all.
    const document = tally.document();
    view.report({ type: 'note', text: `stopped by ${ended}` });
    view.summary(document);
    await writeDocument(context, document, flags.json).catch(() => undefined);
    const { stderr } = context.process;
    await writeReports(context, flags, document, () => ({ kind: 'verify', document }), stderr).catch(() => undefined);
    process.exit(exitCodeOf(ended));
  });
  try {
    const lab = realLaboratory({ cacheDir: cacheDirOf(context.env), keep: flags.keep, signal, progress, note });
    const { drivers } = config;
    await verifyLive({
      lab,
      explorer,
      drivers,
      catalogues: [...catalogues, ...config.errors],
      kernels: kernelRequests(flags.kernel ?? [], flags.modules, context.cwd),
      chosen,
      runs: flags.runs,
      repeat: flags.repeat,
      width: availableParallelism(),
      report,
      signal,
      over,
      revision: flags.revision,
      artifacts: flags.artifacts === undefined ? undefined : new Artifacts(resolve(context.cwd, flags.artifacts)),
      now: context.now,
      tally,
    });
    if (flags.record) await record(config, tally, note);
  } finally {
    release();
  }
};

const record = async (config: LoadedConfig, tally: Tally, note: (text: string) => void): Promise<void> => {
  for (let kernel = 0; kernel < tally.count; kernel++) {
    const { name, release } = tally.facts(kernel);
    for (const driver of config.drivers) {
      const seen = tally.kept(kernel, driver.name);
      if (seen.size === 0) continue;
      const file = recordingUrl(driver.scenarios, name);
      await writeRecording(file, withRecorded(await readRecording(file), name, release, seen));
      note(`recorded ${String(seen.size)} scenarios of ${driver.name} on ${name}`);
    }
  }
};
