// SPDX-License-Identifier: GPL-2.0-only
import type { AnyDriver, Incident, Report, ScenarioVerdict } from '@libmultipath/contract';
import { countOutcomes, judge } from '@libmultipath/conformance';
import { incidentText } from '@libmultipath/report';
import { isLmpError, type ErrorCatalogue } from '@libmultipath/errors';
import { parseScenario } from '@libmultipath/scenario';
import type { Kernel, KernelRequest } from '@libmultipath/vm-images';
import type { Explorer } from '../explorer.js';
import type { Chosen } from '../selection.js';
import { MachineLog, type Artifacts } from './artifacts.js';
import { Bench } from './bench.js';
import type { NoOutcome } from './failure-row.js';
import { genericOf, onlyGeneric } from './flavour.js';
import { inParallel } from './in-parallel.js';
import type { Laboratory } from './laboratory.js';
import { requireLibrary } from './library-kernel.js';
import { emptyRow, groupsOf, planFor, withAgreement, type Job } from './plan.js';
import { runGroup, type Group, type Shown } from './run-group.js';
import type { Tally } from './tally.js';
import { unlessOver } from './unless-over.js';

export interface LiveOptions {
  readonly lab: Laboratory;
  readonly explorer: Explorer;
  readonly drivers: readonly AnyDriver[];
  readonly catalogues: readonly ErrorCatalogue[];
  readonly kernels: readonly KernelRequest[];
  /** The kernels have the library: compared with this revision of it. */
  readonly revision?: string | undefined;
  readonly chosen: readonly Chosen[];
  /** Runs of each scenario on one machine. */
  readonly runs: number;
  /** Fresh machines that each group of scenarios is run on. */
  readonly repeat: number;
  /** Machines at once. */
  readonly width: number;
  readonly report: Report;
  readonly signal: AbortSignal;
  /** The time is over: nothing more is begun, and no model waited for. */
  readonly over?: AbortSignal | undefined;
  readonly artifacts?: Artifacts | undefined;
  /** Seconds from any origin. */
  readonly now: () => number;
  readonly tally: Tally;
}

/** Boots kernels, runs the scenarios on them and compares with the model of each. Results are in the tally. */
export const verifyLive = async (options: LiveOptions): Promise<void> => {
  const { lab, report, tally, now } = options;
  const tasks: (() => Promise<void>)[] = [];
  const pending: Promise<void>[] = [];
  for (const request of options.kernels) {
    const title = `kernel ${requestText(request)}`;
    report({ type: 'stage', title });
    const begin = now();
    const kernel = await lab.kernel(request);
    report({ type: 'stage-done', title, seconds: now() - begin, detail: kernel.release });
    const name = request.kind === 'name' ? kernel.name : kernel.release;
    const id = joined(tally, name, kernel);
    const apart = await genericFor(options, request, kernel);
    const here = options.chosen.filter((one) => apart?.chosen.includes(one) !== true);
    tasks.push(...kernelTasks({ ...options, chosen: here }, kernel, id, pending));
    if (apart === undefined) continue;
    const other = joined(tally, apart.kernel.name, apart.kernel);
    tasks.push(...kernelTasks({ ...options, chosen: apart.chosen }, apart.kernel, other, pending));
  }
  const count = options.chosen.length;
  const title = `verify ${String(count)} scenario${count === 1 ? '' : 's'}`;
  report({ type: 'stage', title });
  const begin = now();
  await inParallel(tasks, options.width);
  await Promise.all(pending);
  report({ type: 'stage-done', title, seconds: now() - begin });
};

/** A kernel takes part. @returns its number */
const joined = (tally: Tally, name: string, { release }: Kernel): number =>
  tally.add({ name, release, accelerator: 'none', qemu: '', bootSeconds: 0 });

/**
 * The generic flavour of a kernel that was asked for by name, for the scenarios that need it. Undefined: none does,
 * somebody asks for it anyway, or it is not to be had, which is told.
 */
const genericFor = async (
  { lab, report, kernels, chosen, revision }: LiveOptions,
  request: KernelRequest,
  kernel: Kernel,
): Promise<{ readonly kernel: Kernel; readonly chosen: readonly Chosen[] } | undefined> => {
  const generic = request.kind === 'name' && revision === undefined ? genericOf(kernel) : undefined;
  if (generic === undefined || kernels.some((one) => one.kind === 'name' && one.name === generic.name))
    return undefined;
  const apart = onlyGeneric(kernel, chosen);
  if (apart.length === 0) return undefined;
  try {
    return { kernel: await lab.kernel({ kind: 'name', name: generic.name }), chosen: apart };
  } catch (error) {
    if (!isLmpError(error)) throw error;
    const names = apart.map(({ scenario }) => scenario.name).join(', ');
    report({ type: 'note', text: `${kernel.name}: without ${generic.name} (${error.message}) nothing shows ${names}` });
    return undefined;
  }
};

const requestText = (request: KernelRequest): string =>
  request.kind === 'name' ? request.name : request.kind === 'path' ? request.vmlinuz : 'host';

/** One task per group of scenarios that share a machine; the models are explored meanwhile. */
const kernelTasks = (
  options: LiveOptions,
  kernel: Kernel,
  id: number,
  pending: Promise<void>[],
): (() => Promise<void>)[] => {
  const { tally, report, explorer } = options;
  const { name, release } = tally.facts(id);
  const { jobs, unsupported: lacking } = planFor(release, options.chosen, options.revision);
  const { groups, unsupported } = groupsOf(jobs);
  const finish = (verdict: ScenarioVerdict, seconds: number): void => {
    if (options.signal.aborted) return;
    const row = tally.row(id, verdict);
    report({ type: 'scenario', kernel: name, verdict: row, seconds });
    if (options.artifacts !== undefined) pending.push(awaitedLater(options.artifacts.report(release, row)));
  };
  for (const verdict of [...lacking, ...unsupported]) finish(verdict, 0);
  // Asked for at once, so that the search goes on while machines boot; what it gives is awaited where it is compared.
  const isRun = new Set(groups.flatMap(({ chosen }) => chosen));
  for (const { chosen, profile } of jobs.filter((job) => isRun.has(job.chosen)))
    explorer.allowed(chosen, profile, 1).catch(() => undefined);

  const skip = (chosen: Chosen, model: string, what: string): void =>
    finish(emptyRow(chosen, model, 'not-run', `the time was over before ${what}`), 0);

  const compare = async (job: Job, results: readonly Shown[], seconds: number): Promise<void> => {
    const windowScale = Math.max(...results.map((result) => result.windowScale));
    const outcomes = results
      .filter((result) => result.windowScale === windowScale)
      .flatMap((result) => result.outcomes);
    const allowed = await unlessOver(options.over, explorer.allowed(job.chosen, job.profile, windowScale));
    if (allowed === undefined) return skip(job.chosen, job.profile.name, 'the model was not explored');
    const { text, scenario: given } = job.chosen;
    const scenario = parseScenario(text, given.file, options.drivers, { windowScale });
    const verdict = withAgreement(job.chosen, judge(scenario, allowed, countOutcomes(outcomes)));
    if (verdict.verdict !== 'error') tally.keep(id, verdict, outcomes);
    finish(verdict, seconds);
  };

  return groups.map((group) => async () => {
    const skipped = new Set<Chosen>();
    const jobOf = (chosen: Chosen): Job => {
      const job = jobs.find((one) => one.chosen === chosen);
      if (job === undefined) throw new Error('a scenario ran that was not planned');
      return job;
    };
    const gathered = new Map<Chosen, { readonly results: (Shown | NoOutcome)[]; seconds: number }>();
    for (let nth = 0; nth < options.repeat && !options.signal.aborted; nth++) {
      const log = new MachineLog();
      await runGroup(benchOf(options, kernel, id, group, log), group, {
        ...options,
        onSkipped: (chosen) => {
          if (skipped.has(chosen)) return;
          skipped.add(chosen);
          skip(chosen, jobOf(chosen).profile.name, 'it was begun');
        },
        onQuiet: async ({ driver, scenario }) => options.artifacts?.add(release, driver.name, scenario.name, log),
        onIncident: ({ scenario }, { scenario: other, ...incident }) => {
          const told: Incident = { ...incident, scenario: other ?? scenario.name };
          tally.incident(id, told);
          report({ type: 'note', text: `${release}: ${incidentText(told)}` });
        },
        onStart: ({ scenario }) => report({ type: 'progress', text: `${scenario.name} on ${release}` }),
        onEnd: (chosen, result, seconds) => {
          const entry = gathered.get(chosen) ?? { results: [], seconds: 0 };
          entry.results.push(result);
          entry.seconds += seconds;
          gathered.set(chosen, entry);
          if (entry.results.length < options.repeat) return;
          const job = jobOf(chosen);
          const failed = entry.results.find((one) => 'reason' in one);
          const shown = entry.results.filter((one) => 'outcomes' in one);
          if (failed === undefined) pending.push(awaitedLater(compare(job, shown, entry.seconds)));
          else finish(emptyRow(chosen, job.profile.name, failed.verdict, failed.reason), entry.seconds);
        },
      });
    }
  });
};

/** A failure is thrown where the promise is awaited, not before. */
const awaitedLater = (work: Promise<void>): Promise<void> => {
  work.catch(() => undefined);
  return work;
};

const benchOf = (
  { lab, report, tally, artifacts, revision }: LiveOptions,
  kernel: Kernel,
  id: number,
  group: Group,
  log: MachineLog,
): Bench =>
  new Bench({
    lab,
    kernel,
    spec: group.spec,
    onBoot: ({ banner, before }) => {
      if (before !== undefined) tally.incident(id, { ...before, again: false });
      const { name, bootSeconds } = tally.facts(id);
      const { release, accelerator, qemu } = banner;
      report({ type: 'banner', kernel: name, release, accelerator, qemu, bootSeconds: banner.bootSeconds });
      if (bootSeconds === 0) tally.booted(id, { release, accelerator, qemu, bootSeconds: banner.bootSeconds });
    },
    log: artifacts === undefined ? undefined : log,
    inspect: revision === undefined ? undefined : requireLibrary,
  });
