// SPDX-License-Identifier: GPL-2.0-only
import { readdir } from 'node:fs/promises';
import type { AnyDriver, Recording, Report } from '@libmultipath/contract';
import { judge, readRecording, recordedOutcomes, recordingUrl } from '@libmultipath/conformance';
import { isLmpError } from '@libmultipath/errors';
import { errors } from '../errors.js';
import type { Explorer } from '../explorer.js';
import { didYouMean, type Chosen } from '../selection.js';
import { GENERIC, onlyGeneric } from './flavour.js';
import { emptyRow, planFor, withAgreement, type Job } from './plan.js';
import type { Tally } from './tally.js';
import { unlessOver } from './unless-over.js';

export interface RecordedOptions {
  readonly explorer: Explorer;
  readonly drivers: readonly AnyDriver[];
  /** Names of recordings; none: all there are. */
  readonly kernels: readonly string[];
  readonly chosen: readonly Chosen[];
  readonly report: Report;
  /** Seconds from any origin. */
  readonly now: () => number;
  readonly tally: Tally;
  /** The time is over: no model is waited for. */
  readonly over?: AbortSignal | undefined;
}

/** Compares with what kernels showed before. @throws LMP-908, LMP-501 to LMP-503 */
export const verifyRecorded = async (options: RecordedOptions): Promise<void> => {
  const drivers = options.drivers.filter((driver) => options.chosen.some((one) => one.driver === driver));
  const names = new Set<string>();
  for (const driver of drivers) for (const name of await recordedKernels(driver)) names.add(name);
  for (const kernel of options.kernels) {
    if (names.has(kernel)) continue;
    throw errors.fail('LMP-908', {
      message: `nothing was recorded of ${kernel}`,
      where: '--kernel',
      todo: didYouMean(kernel, [...names]),
    });
  }
  if (names.size === 0) {
    const todo = 'mpath verify --record, where machines can be booted';
    throw errors.fail('LMP-908', {
      message: 'expected recordings beside the scenarios, found none',
      where: drivers.map(({ name }) => name).join(', '),
      todo,
    });
  }
  const asked = options.kernels.length > 0 ? options.kernels : [...names].sort();
  const withGeneric = (name: string): string[] => [name, name + GENERIC].filter((one) => names.has(one));
  const wanted = new Set(asked.flatMap(withGeneric));
  for (const kernel of wanted) for (const driver of drivers) await compareKernel(options, driver, kernel, wanted);
};

/** Of two flavours of one kernel the generic one shows what the other cannot, here as on machines. */
const sharedOut = async (
  driver: AnyDriver,
  kernel: string,
  wanted: ReadonlySet<string>,
  mine: readonly Chosen[],
): Promise<readonly Chosen[]> => {
  const base = kernel.endsWith(GENERIC) ? kernel.slice(0, -GENERIC.length) : kernel;
  const generic = base + GENERIC;
  if (!wanted.has(base) || !wanted.has(generic)) return mine;
  const [one, other] = await Promise.all(
    [base, generic].map((name) => readRecording(recordingUrl(driver.scenarios, name))),
  );
  if (one === undefined || other === undefined) return mine;
  const apart = new Set(onlyGeneric({ name: base, release: one.release }, mine));
  return mine.filter((chosen) => apart.has(chosen) === (kernel === generic));
};

const recordedKernels = async (driver: AnyDriver): Promise<string[]> => {
  const names = await readdir(new URL('.', recordingUrl(driver.scenarios, 'x'))).catch(() => []);
  return names
    .filter((name) => name.endsWith('.json'))
    .map((name) => decodeURIComponent(name.slice(0, -'.json'.length)));
};

const compareKernel = async (
  options: RecordedOptions,
  driver: AnyDriver,
  kernel: string,
  wanted: ReadonlySet<string>,
): Promise<void> => {
  const { tally, report, explorer, now } = options;
  const recording = await readRecording(recordingUrl(driver.scenarios, kernel));
  if (recording === undefined) return;
  const { release } = recording;
  const facts = { name: kernel, release, accelerator: 'recorded', qemu: '', bootSeconds: 0 };
  const id = tally.add(facts);
  report({ type: 'banner', kernel, release, accelerator: 'recorded', qemu: '', bootSeconds: 0 });
  const own = options.chosen.filter((one) => one.driver === driver);
  const mine = await sharedOut(driver, kernel, wanted, own);
  const { jobs, unsupported } = planFor(release, mine);
  for (const verdict of unsupported) {
    report({ type: 'scenario', kernel, verdict: tally.row(id, verdict), seconds: 0 });
  }
  // All are asked for at once, for all threads of the explorer to be used, and told in the order of the files.
  const rows = jobs.map(async (job) => {
    const row = await unlessOver(options.over, compareScenario(job, recording, explorer));
    const reason = 'the time was over before the model was explored';
    return row ?? emptyRow(job.chosen, job.profile.name, 'not-run', reason);
  });
  for (const row of rows) row.catch(() => undefined);
  for (const row of rows) {
    const begin = now();
    const verdict = await row;
    report({ type: 'scenario', kernel, verdict: tally.row(id, verdict), seconds: now() - begin });
  }
};

const compareScenario = async ({ chosen, profile }: Job, recording: Recording, explorer: Explorer) => {
  try {
    // Asked first: where nothing was recorded there is nothing to explore for.
    const seen = recordedOutcomes(recording, chosen.scenario);
    return withAgreement(chosen, judge(chosen.scenario, await explorer.allowed(chosen, profile, 1), seen));
  } catch (error) {
    if (!isLmpError(error)) throw error;
    return emptyRow(chosen, profile.name, 'error', error.format());
  }
};
