// SPDX-License-Identifier: GPL-2.0-only
import { spawn } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import type { CheckDocument } from '@libmultipath/contract';

export interface Measured {
  readonly document: CheckDocument;
  readonly shapes: readonly { readonly name: string; readonly complete: boolean; readonly steps: number }[];
  readonly executions: number;
  readonly newSteps: number;
  readonly replayedSteps: number;
  readonly states: number;
  /** Of the wall, and of the processors. */
  readonly seconds: number;
  readonly cpuS: number;
  /** Largest resident set of the process, threads and all. */
  readonly memoryMiB: number;
}

const root = fileURLToPath(new URL('../../../../', import.meta.url));
const bin = fileURLToPath(new URL('../../dist/bin.js', import.meta.url));

const LOOK_MS = 100;
const MOST_MS = 1_800_000;
/** Of the kernel's clock in /proc, on every Linux. */
const TICKS_A_SECOND = 100;

/** What a process has used so far, by /proc; undefined: it is gone. */
export const usageOf = (pid: number): { readonly cpuS: number; readonly memoryMiB: number } | undefined => {
  try {
    // The name of the program may hold spaces; what follows it does not.
    const fields =
      readFileSync(`/proc/${String(pid)}/stat`, 'utf8')
        .split(') ')
        .at(-1)
        ?.split(' ') ?? [];
    // A process that ends has given back its memory before its threads: it has no such line then.
    const peak = /^Vm(?:HWM|RSS):\s+(\d+) kB/m.exec(readFileSync(`/proc/${String(pid)}/status`, 'utf8'))?.[1] ?? '0';
    return { cpuS: (Number(fields[11]) + Number(fields[12])) / TICKS_A_SECOND, memoryMiB: Number(peak) / 1_024 };
  } catch {
    return undefined;
  }
};

/** Runs `mpath check` as a user does, and measures the process from outside. */
export const measured = (args: readonly string[]): Promise<Measured> =>
  new Promise((resolve, reject) => {
    const began = performance.now();
    const child = spawn(process.execPath, [bin, 'check', ...args, '--json', '-'], {
      cwd: root,
      stdio: ['ignore', 'pipe', 'ignore'],
      timeout: MOST_MS,
      killSignal: 'SIGKILL',
    });
    let used = { cpuS: 0, memoryMiB: 0 };
    const look = setInterval(() => {
      const now = usageOf(child.pid ?? 0);
      // Where the kernel keeps no peak, the largest that was seen.
      if (now !== undefined) used = { cpuS: now.cpuS, memoryMiB: Math.max(used.memoryMiB, now.memoryMiB) };
    }, LOOK_MS);
    let out = '';
    child.stdout.on('data', (chunk: Buffer) => (out += chunk.toString('utf8')));
    child.on('error', reject);
    child.on('close', (code) => {
      clearInterval(look);
      const seconds = (performance.now() - began) / 1_000;
      if (out === '') {
        reject(new Error(`mpath check ${args.join(' ')} ended with ${String(code)} and no document`));
        return;
      }
      // Written by our own command.
      const document = JSON.parse(out) as CheckDocument;
      const { scenarios } = document;
      const sum = (of: (stats: CheckDocument['scenarios'][number]['stats']) => number): number =>
        scenarios.reduce((all, { stats }) => all + of(stats), 0);
      resolve({
        document,
        shapes: scenarios.map(({ name, bound, stats }) => ({
          name,
          complete: bound.startsWith('complete ('),
          steps: stats.steps + stats.replayedSteps,
        })),
        executions: sum(({ executions }) => executions),
        newSteps: sum(({ steps }) => steps),
        replayedSteps: sum(({ replayedSteps }) => replayedSteps),
        states: sum(({ states }) => states),
        seconds,
        ...used,
      });
    });
  });
