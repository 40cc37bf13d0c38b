// SPDX-License-Identifier: GPL-2.0-only
// How fast kernels are compared: warm scenarios on one machine, the suite on one kernel and on three.
//
//   npm run bench -- harness [--kernel NAME]… [--driver NAME] [--runs N] [--warm-only]
//
// The first kernel is the one that a single suite and warm scenarios are measured on. A warm run is what
// further runs of a scenario cost on a machine that is there already: (N + 1 runs − 1 run) ÷ N, so that boot,
// search and program start fall out.
import { spawn } from 'node:child_process';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { availableParallelism, loadavg } from 'node:os';
import { delimiter, join } from 'node:path';
import { parseArgs } from 'node:util';
import { onEndSignals, exitCodeOf } from '@libmultipath/harness';
import { rowsIn, type TimedRow } from './harness/rows.js';

const root = join(import.meta.dirname, '..');
const WARM_GOAL = 1;
const ONE_KERNEL_GOAL_SECONDS = 180;
const THREE_KERNELS_GOAL_SECONDS = 480;
const MAX_MS = 30 * 60_000;

const { values } = parseArgs({
  options: {
    kernel: { type: 'string', multiple: true, default: ['7.3', '6.1', '6.12'] },
    driver: { type: 'string' },
    runs: { type: 'string', default: '5' },
    'warm-only': { type: 'boolean', default: false },
  },
});
const runs = Number(values.runs);
if (!Number.isInteger(runs) || runs < 1 || runs > 100) {
  process.stderr.write(`--runs: expected a whole number from 1 to 100, found ${values.runs}\n`);
  process.exit(2);
}

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

/** Scenarios that wait for a timer of the kernel, and cannot be faster than it: they say so. */
const withTimer = (): ReadonlySet<string> => {
  const names = new Set<string>();
  for (const driver of readdirSync(join(root, 'drivers'))) {
    const folder = join(root, 'drivers', driver, 'scenarios');
    for (const file of readdirSync(folder).filter((name) => name.endsWith('.scenario.yaml'))) {
      const text = readFileSync(join(folder, file), 'utf8');
      if (/^(?:window|timers):/m.test(text)) names.add(file.replace('.scenario.yaml', ''));
    }
  }
  return names;
};

/** Seconds that a further run of each scenario takes. */
const warm = async (kernel: string): Promise<boolean> => {
  const once = await verify(['--kernel', kernel]);
  const often = await verify(['--kernel', kernel, '--runs', String(runs + 1)]);
  const rates = often.rows.flatMap((row) => {
    const first = once.rows.find(({ name, verdict }) => name === row.name && verdict === 'agree');
    if (first === undefined || row.verdict !== 'agree') return [];
    return [{ name: row.name, seconds: Math.max(0, row.seconds - first.seconds) / runs }];
  });
  for (const { name, seconds } of rates) say(`  ${name.padEnd(36)} ${seconds.toFixed(2)} s a warm run`);
  const waiting = withTimer();
  const free = rates.filter(({ name }) => !waiting.has(name));
  const mean = free.reduce((sum, { seconds }) => sum + seconds, 0) / Math.max(1, free.length);
  const held = free.length > 0 && mean <= 1 / WARM_GOAL;
  say(
    `warm scenarios on one machine, ${kernel}: ${(1 / Math.max(mean, 0.001)).toFixed(2)} a second over ${String(free.length)} without a timer (goal ${String(WARM_GOAL)}: ${judged(held)}); ${load()}`,
  );
  return held;
};

const suite = async (kernels: readonly string[], goalSeconds: number): Promise<boolean> => {
  const { seconds, code, last } = await verify(kernels.flatMap((kernel) => ['--kernel', kernel]));
  const held = code === 0 && seconds <= goalSeconds;
  say(
    `the suite on ${kernels.join(', ')}: ${seconds.toFixed(0)} s (goal ${String(goalSeconds)} s: ${judged(held)}), exit ${String(code)}: ${last}; ${load()}`,
  );
  return held;
};

const [first = '7.3'] = values.kernel;
const results = [await warm(first)];
if (!values['warm-only']) {
  results.push(await suite([first], ONE_KERNEL_GOAL_SECONDS));
  if (values.kernel.length > 1) results.push(await suite(values.kernel, THREE_KERNELS_GOAL_SECONDS));
}
const vng = (process.env['PATH'] ?? '').split(delimiter).some((dir) => existsSync(join(dir, 'vng')));
say(
  vng
    ? 'virtme-ng is installed: `npm run bench -- boot` has the boot; compare with `vng --run KERNEL -- true`'
    : 'virtme-ng is not installed here: its boot was not measured (npm run bench -- boot compares with bare QEMU)',
);
process.exitCode = results.every(Boolean) ? 0 : 1;
