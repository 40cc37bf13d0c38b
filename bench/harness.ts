// SPDX-License-Identifier: GPL-2.0-only
// How fast kernels are compared: warm scenarios on one machine, the suite on one kernel and on three.
//
//   npm run bench -- harness [--kernel NAME]… [--driver NAME] [--runs N] [--scenarios N] [--only PART]… [--pairs N]
//
// The first kernel is the one that a single suite and warm scenarios are measured on. A warm run is what
// further runs of a scenario cost on a machine that is there already: (N + 1 runs − 1 run) ÷ N, so that boot,
// search and program start fall out; of scenarios taken evenly from those that wait for no timer of the kernel, so
// that all of it takes some six minutes. Parts: suite, warm, kernels, and virtme: boot to ready against virtme-ng,
// turn by turn on the same kernel, where it is installed.
import { spawn } from 'node:child_process';
import { availableParallelism, loadavg } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import type { AnyDriver, VmSpec } from '@libmultipath/contract';
import { bootVm, chooseAccelerator, endAllVms, exitCodeOf, onEndSignals } from '@libmultipath/harness';
import { loadScenarios } from '@libmultipath/scenario';
import { buildImage, cacheDirOf, resolveKernel } from '@libmultipath/vm-images';
import { evenly, rowsIn, type TimedRow } from './harness/rows.js';
import { bootVirtme, findVirtme } from './harness/virtme.js';

const root = join(import.meta.dirname, '..');
const WARM_GOAL = 1;
const ONE_KERNEL_GOAL_SECONDS = 180;
const THREE_KERNELS_GOAL_SECONDS = 480;
const MAX_MS = 30 * 60_000;

const VIRTME_GOAL = 0.3;
const MACHINE = { cpus: 2, memoryMiB: 512 };
const parts = ['suite', 'warm', 'kernels', 'virtme'] as const;

const { values } = parseArgs({
  options: {
    kernel: { type: 'string', multiple: true, default: ['7.3', '6.1', '6.12'] },
    driver: { type: 'string' },
    runs: { type: 'string', default: '3' },
    scenarios: { type: 'string', default: '16' },
    pairs: { type: 'string', default: '3' },
    only: { type: 'string', multiple: true, default: [...parts] },
  },
});
const whole = (name: 'runs' | 'scenarios' | 'pairs', most: number): number => {
  const value = Number(values[name]);
  if (Number.isInteger(value) && value >= 1 && value <= most) return value;
  process.stderr.write(`--${name}: expected a whole number from 1 to ${String(most)}, found ${values[name]}\n`);
  return process.exit(2);
};
const runs = whole('runs', 100);
const sampled = whole('scenarios', 1_000);
const pairs = whole('pairs', 20);

const unknown = values.only.find((one) => !parts.some((part) => part === one));
if (unknown !== undefined) {
  process.stderr.write(`--only: expected one of ${parts.join(', ')}, found ${unknown}\n`);
  process.exit(2);
}
const isAsked = (part: (typeof parts)[number]): boolean => values.only.includes(part);

const say = (text: string): void => void process.stdout.write(`${text}\n`);
const running = new Set<() => void>();
onEndSignals((signal) => {
  for (const end of running) end();
  process.exit(exitCodeOf(signal));
});

interface Verified {
  readonly seconds: number;
  readonly code: number | null;
  readonly rows: readonly TimedRow[];
  readonly last: string;
}

const verify = (args: readonly string[]): Promise<Verified> =>
  new Promise((resolve, reject) => {
    const began = performance.now();
    const driver = values.driver === undefined ? [] : ['--driver', values.driver];
    const child = spawn(
      process.execPath,
      [join(root, 'packages', 'cli', 'dist', 'bin.js'), 'verify', ...driver, ...args],
      { cwd: root, stdio: ['ignore', 'pipe', 'inherit'], timeout: MAX_MS },
    );
    const end = (): void => void child.kill('SIGTERM');
    running.add(end);
    let output = '';
    child.stdout.on('data', (chunk: Buffer) => (output += chunk.toString('utf8')));
    child.on('error', reject);
    child.on('close', (code) => {
      running.delete(end);
      const last = output.trimEnd().split('\n').at(-1) ?? '';
      resolve({ seconds: (performance.now() - began) / 1_000, code, rows: rowsIn(output), last });
    });
  });

const load = (): string => `load ${(loadavg()[0] ?? 0).toFixed(1)} on ${String(availableParallelism())} cores`;
const judged = (held: boolean): string => (held ? 'met' : 'missed');

/** Names of scenarios that wait for no timer of the kernel (those that do say so), each of one driver alone. */
const withoutTimer = async (): Promise<readonly string[]> => {
  const config: unknown = await import(new URL('../mpath.config.ts', import.meta.url).href);
  const { default: listed } = config as { readonly default: { readonly drivers: readonly AnyDriver[] } };
  const asked = listed.drivers.filter(({ name }) => values.driver === undefined || values.driver === name);
  const loaded = await Promise.all(asked.map((driver) => loadScenarios(driver.scenarios, listed.drivers)));
  const scenarios = loaded.flat().map(({ scenario }) => scenario);
  const isAlone = (name: string): boolean => scenarios.filter((one) => one.name === name).length === 1;
  return scenarios
    .filter(({ windowSecs, lateTimers, name }) => windowSecs === undefined && lateTimers !== true && isAlone(name))
    .map(({ name }) => name);
};

const goal = (name: string, found: string, held: boolean): boolean => {
  say(`${name}: ${found}: ${judged(held)}; ${load()}`);
  return held;
};

const suite = async (kernels: readonly string[], goalSeconds: number): Promise<boolean> => {
  const { seconds, code, last } = await verify(kernels.flatMap((kernel) => ['--kernel', kernel]));
  const found = `${seconds.toFixed(0)} s (goal ${String(goalSeconds)} s), exit ${String(code)}: ${last}`;
  return goal(`the suite on ${kernels.join(', ')}`, found, code === 0 && seconds <= goalSeconds);
};

/** Seconds that a further run of a scenario takes, over some of those that wait for no timer. */
const warm = async (kernel: string): Promise<boolean> => {
  const free = await withoutTimer();
  const names = evenly(free, sampled);
  const single = await verify(['--kernel', kernel, ...names]);
  const often = await verify(['--kernel', kernel, '--runs', String(runs + 1), ...names]);
  const rates = often.rows.flatMap((row) => {
    const first = single.rows.find(({ name }) => name === row.name);
    if (first?.verdict !== 'agree' || row.verdict !== 'agree') return [];
    return [{ name: row.name, seconds: Math.max(0, row.seconds - first.seconds) / runs }];
  });
  for (const { name, seconds } of rates) say(`  ${name.padEnd(36)} ${seconds.toFixed(2)} s a warm run`);
  const mean = rates.reduce((sum, { seconds }) => sum + seconds, 0) / Math.max(1, rates.length);
  const found = `${(1 / Math.max(mean, 0.001)).toFixed(2)} a second over ${String(rates.length)} of ${String(free.length)} without a timer (goal ${String(WARM_GOAL)})`;
  return goal(`warm scenarios on one machine, ${kernel}`, found, rates.length > 0 && mean <= 1 / WARM_GOAL);
};

const median = (of: readonly number[]): number => of.toSorted((a, b) => a - b)[Math.floor(of.length / 2)] ?? 0;

/** The same kernel with as many processors and as much memory, turn by turn: until something runs in the guest. */
const againstVirtme = async (name: string): Promise<boolean> => {
  const program = findVirtme(process.env['PATH'] ?? '');
  if (program === undefined) {
    say('boot against virtme-ng: not measured, virtme-ng is not installed here (no virtme-run in PATH)');
    return true;
  }
  const cacheDir = cacheDirOf(process.env);
  const progress = (line: string): void => void process.stderr.write(`${line}\n`);
  const kernel = await resolveKernel({ kind: 'name', name }, { cacheDir, progress });
  const image = await buildImage({ kernel, modules: [], cacheDir, progress });
  const accelerator = await chooseAccelerator({ kernel, image, cacheDir, progress });
  const node = { cpus: MACHINE.cpus, memoryMiB: MACHINE.memoryMiB };
  const spec: VmSpec = { nodes: [node], ports: [], blocks: [], devices: [], modules: [], kernelArgs: [] };
  const [ours, theirs]: [number[], number[]] = [[], []];
  for (let pair = 0; pair < pairs; pair++) {
    const vm = await bootVm({ kernel, image, spec, accelerator: accelerator.name });
    ours.push(vm.banner.bootSeconds);
    await vm.close();
    const isKvm = accelerator.name === 'kvm';
    theirs.push(await bootVirtme({ program, vmlinuzPath: kernel.vmlinuzPath, isKvm, ...MACHINE }));
  }
  const ratio = median(ours) / median(theirs);
  const listed = (of: readonly number[]): string => of.map((seconds) => seconds.toFixed(1)).join(' ');
  const found = `${listed(ours)} s against ${listed(theirs)} s, ratio of medians ${ratio.toFixed(2)} (goal ${String(VIRTME_GOAL)})`;
  return goal(`boot to ready against virtme-ng, ${kernel.release}, ${accelerator.name}`, found, ratio <= VIRTME_GOAL);
};

const [first = '7.3'] = values.kernel;
const results: boolean[] = [];
if (isAsked('suite')) results.push(await suite([first], ONE_KERNEL_GOAL_SECONDS));
if (isAsked('warm')) results.push(await warm(first));
if (isAsked('kernels') && values.kernel.length > 1) {
  results.push(await suite(values.kernel, THREE_KERNELS_GOAL_SECONDS));
}
if (isAsked('virtme')) {
  try {
    results.push(await againstVirtme(first));
  } finally {
    await endAllVms();
  }
}
process.exitCode = results.every(Boolean) ? 0 : 1;
