// SPDX-License-Identifier: GPL-2.0-only
import { spawn } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { ran, type Ran } from './ran.js';

const root = fileURLToPath(new URL('../../../../', import.meta.url));
const bin = fileURLToPath(new URL('../../dist/bin.js', import.meta.url));
const tsc = fileURLToPath(new URL('../../../../node_modules/typescript/bin/tsc', import.meta.url));
/** Longest that a run may take: a verification of all scenarios on a busy machine. */
const MPATH_MS = 280_000;
const BUILD_MS = 280_000;

export interface RunningMpath {
  readonly kill: (signal: NodeJS.Signals) => void;
  /** Once that stands on standard error; rejects when the process ends without it. */
  readonly wrote: (text: RegExp) => Promise<void>;
  readonly ended: Promise<Ran>;
}

export interface RunOptions {
  readonly cwd: string;
  /** Beside those of this process. */
  readonly env?: Readonly<Record<string, string>>;
  readonly timeoutMs?: number;
  /** All of standard input. */
  readonly input?: string;
}

const startNode = (args: readonly string[], { cwd, env, timeoutMs = MPATH_MS, input }: RunOptions): RunningMpath => {
  const child = spawn(process.execPath, args, {
    cwd,
    env: { ...process.env, ...env },
    stdio: ['pipe', 'pipe', 'pipe'],
    timeout: timeoutMs,
    killSignal: 'SIGKILL',
  });
  // A program that ends without reading it is no fault of the test.
  child.stdin.on('error', () => undefined);
  child.stdin.end(input ?? '');
  const wrote = (text: RegExp): Promise<void> =>
    new Promise((resolve, reject) => {
      let seen = '';
      child.stderr.on('data', (chunk: Buffer) => {
        seen += chunk.toString('utf8');
        if (text.test(seen)) resolve();
      });
      child.on('close', () => reject(new Error(`it ended without ${String(text)}: ${seen}`)));
    });
  return { kill: (signal) => void child.kill(signal), wrote, ended: ran(child) };
};

/** The command as a user runs it. */
export const startMpath = (args: readonly string[], options: RunOptions): RunningMpath =>
  startNode([bin, ...args], options);
export const runMpath = (args: readonly string[], options: RunOptions): Promise<Ran> => startMpath(args, options).ended;

/** The command runs from what was built, so that is made current first; after `npm run build` nothing is left to do. */
export const buildMpath = async (): Promise<void> => {
  const { code, out } = await startNode([tsc, '-b', 'packages/cli'], { cwd: root, timeoutMs: BUILD_MS }).ended;
  if (code !== 0) throw new Error(`packages/cli does not build:\n${out}`);
};
