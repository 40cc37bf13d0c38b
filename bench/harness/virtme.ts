// SPDX-License-Identifier: GPL-2.0-only
import { accessSync, constants } from 'node:fs';
import { spawn } from 'node:child_process';
import { delimiter, join } from 'node:path';

/** What the guest of virtme-ng prints as soon as it can do anything. */
const READY = 'mpath-virtme-ready';
const BOOT_MS = 180_000;

const isExecutable = (file: string): boolean => {
  try {
    accessSync(file, constants.X_OK);
    return true;
  } catch {
    return false;
  }
};

/** `virtme-run`, the program of virtme-ng that boots; undefined: it is not installed. */
export const findVirtme = (path: string): string | undefined =>
  path
    .split(delimiter)
    .map((dir) => join(dir, 'virtme-run'))
    .find(isExecutable);

export interface VirtmeBoot {
  readonly program: string;
  readonly vmlinuzPath: string;
  readonly isKvm: boolean;
  readonly cpus: number;
  readonly memoryMiB: number;
}

/**
 * Seconds from the start of virtme-run until a command in the guest has run.
 * @throws Error the guest never said so
 */
export const bootVirtme = ({ program, vmlinuzPath, isKvm, cpus, memoryMiB }: VirtmeBoot): Promise<number> =>
  new Promise((resolve, reject) => {
    const began = performance.now();
    const machine = ['--cpus', String(cpus), '--memory', `${String(memoryMiB)}M`, ...(isKvm ? [] : ['--disable-kvm'])];
    const args = ['--kimg', vmlinuzPath, '--mods', 'none', ...machine, '--script-sh', `echo ${READY}`];
    // A group of its own: virtme-run leaves a file server and QEMU below it.
    // Nor does it take a socket, which is what it would get from here, for its output: it opens that again by its path.
    const piped = ['-c', '"$@" 2>&1 | cat', 'sh', program, ...args];
    const child = spawn('sh', piped, { stdio: ['ignore', 'pipe', 'ignore'], detached: true });
    let said = '';
    let seconds: number | undefined;
    const hear = (chunk: Buffer): void => {
      said = (said + chunk.toString('utf8')).slice(-4_000);
      if (seconds === undefined && said.includes(READY)) seconds = (performance.now() - began) / 1_000;
    };
    const end = (): void => {
      if (child.pid === undefined) return;
      try {
        process.kill(-child.pid, 'SIGKILL');
      } catch {
        // It has ended by itself.
      }
    };
    const limit = setTimeout(end, BOOT_MS);
    child.stdout.on('data', hear);
    child.on('error', reject);
    child.on('close', () => {
      clearTimeout(limit);
      end();
      if (seconds === undefined) reject(new Error(`virtme-run did not print ${READY}: ${said}`));
      else resolve(seconds);
    });
  });
