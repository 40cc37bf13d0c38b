// SPDX-License-Identifier: GPL-2.0-only
import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** What a peer made of a shape. Times are seconds of CPU: the machine may be busy with other things. */
export interface PeerRun {
  readonly compileS: number;
  readonly runS: number;
  readonly states: number;
  /** Final states, as the model prints them. */
  readonly ends: ReadonlySet<string>;
}

const TIMEOUT_MS = 600_000;
const MAX_OUTPUT_BYTES = 64 << 20;

const childCpuS = (): number => {
  const { userCPUTime, systemCPUTime } = process.resourceUsage();
  return (userCPUTime + systemCPUTime) / 1e6;
};

/** Runs to the end, measured by the shell's `times`, which counts what its children used. */
const run = (cwd: string, command: string, args: readonly string[]): { cpuS: number; out: string } => {
  const script = '"$@"; code=$?; times >&2; exit $code';
  const done = spawnSync('/bin/sh', ['-c', script, 'sh', command, ...args], {
    cwd,
    encoding: 'utf8',
    timeout: TIMEOUT_MS,
    maxBuffer: MAX_OUTPUT_BYTES,
  });
  if (done.status !== 0) {
    throw new Error(`${command} ${args.join(' ')} ended with ${String(done.status ?? done.signal)}: ${done.stderr}`);
  }
  const last = done.stderr.trim().split('\n').at(-1) ?? '';
  const seconds = [...last.matchAll(/(\d+)m([\d.]+)s/g)].map(([, m, s]) => Number(m) * 60 + Number(s));
  return { cpuS: seconds.reduce((sum, one) => sum + one, 0), out: done.stdout };
};

/** Is the program there? */
export const hasTool = (name: string): boolean =>
  spawnSync(name, ['--version'], { stdio: 'ignore' }).error === undefined;

const endsIn = (out: string): Set<string> =>
  new Set([...out.matchAll(/^END (.*)$/gm)].map(([, end]) => end ?? '').filter((end) => end !== ''));

/** Rumur names what it puts, and ends each with a line. */
const endsOfRumur = (out: string): Set<string> =>
  new Set([...out.matchAll(/END ([^=]*?)\n\n/g)].map(([, end]) => (end ?? '').replaceAll(/[a-z]+:|\s/g, '')));

const within = <T>(work: (dir: string) => T): T => {
  const dir = mkdtempSync(join(tmpdir(), 'lmp-peer-'));
  try {
    return work(dir);
  } finally {
    rmSync(dir, { recursive: true, force: true });
  }
};

/** SPIN with its own partial-order reduction, exhaustive, safety only. */
export const runSpin = (model: string, tasks: number): PeerRun =>
  within((dir) => {
    const generate = run(dir, 'spin', [`-DN=${String(tasks)}`, '-a', model]);
    const compile = run(dir, 'gcc', ['-O2', '-w', '-DSAFETY', '-DVECTORSZ=2048', '-o', 'pan', 'pan.c']);
    const { cpuS, out } = run(dir, './pan', ['-m1000000', '-w24']);
    const states = Number(/(\S+) states, stored/.exec(out)?.[1] ?? NaN);
    return { compileS: generate.cpuS + compile.cpuS, runS: cpuS, states, ends: endsIn(out) };
  });

/** Rumur, with the symmetry that its model declares by scalarsets. */
export const runRumur = (model: string, tasks: number): PeerRun =>
  within((dir) => {
    const text = run(dir, 'sed', [`s/N: 2;/N: ${String(tasks)};/`, model]).out;
    writeFileSync(join(dir, 'model.m'), text);
    const generate = run(dir, 'rumur', [
      '--deadlock-detection',
      'off',
      '--threads',
      '1',
      '--output',
      'model.c',
      'model.m',
    ]);
    const compile = run(dir, 'gcc', [
      '-std=c11',
      '-O2',
      '-w',
      '-march=native',
      '-o',
      'model',
      'model.c',
      '-lpthread',
      '-latomic',
    ]);
    const { cpuS, out } = run(dir, './model', []);
    const states = Number(/State Space Explored:\s*(\d+) states/.exec(out)?.[1] ?? NaN);
    return { compileS: generate.cpuS + compile.cpuS, runS: cpuS, states, ends: endsOfRumur(out) };
  });

/** Seconds of CPU of this process so far. */
export const ownCpuS = childCpuS;
