// SPDX-License-Identifier: GPL-2.0-only
import { readFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { fileURLToPath } from 'node:url';
import { execa } from 'execa';
import type { BootOptions } from '../vm.js';

const SCRIPT = fileURLToPath(new URL('../../test/boot-and-wait.ts', import.meta.url));

export interface ParentProcess {
  readonly kill: (signal: NodeJS.Signals) => void;
  /** Its exit code, or undefined after a signal. */
  readonly ended: Promise<number | undefined>;
  readonly qemuPid: number;
  readonly runDir: string;
}

/** A process of its own that boots a machine and waits: for tests of what happens when it dies. */
export const startParent = async (options: BootOptions, env: Record<string, string> = {}): Promise<ParentProcess> => {
  const parent = execa(
    process.execPath,
    ['--conditions=@libmultipath/source', '--import', 'tsx', SCRIPT, JSON.stringify(options)],
    { reject: false, stdin: 'ignore', detached: true, env, cwd: dirname(SCRIPT) },
  );
  const said = new Promise<string>((resolve) => {
    parent.stdout.once('data', (chunk: Buffer) => resolve(chunk.toString('utf8')));
  });
  const line = await Promise.race([said, parent]);
  if (typeof line !== 'string') throw new Error(`the parent ended before its machine was ready: ${line.stderr}`);
  // The line is what boot-and-wait.ts prints.
  const { pid, runDir } = JSON.parse(line) as { pid: number; runDir: string };
  return {
    kill: (signal) => void parent.kill(signal),
    ended: parent.then(({ exitCode }) => exitCode),
    qemuPid: pid,
    runDir,
  };
};

/** Whether a process exists and is no zombie (an orphan's exit is collected by init, in its own time). */
export const runs = (pid: number): boolean => {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'latin1');
    return !/^[ZX]/.test(stat.slice(stat.lastIndexOf(')') + 2));
  } catch {
    return false;
  }
};

/** Waits until a process that is not ours has ended; there is no event for it, so it looks, at most `timeoutMs`. */
export const goneWithin = async (pid: number, timeoutMs: number): Promise<boolean> => {
  const untilMs = performance.now() + timeoutMs;
  while (runs(pid) && performance.now() < untilMs) await new Promise((resolve) => setTimeout(resolve, 10));
  return !runs(pid);
};
