// SPDX-License-Identifier: GPL-2.0-only
import { readdirSync, readFileSync } from 'node:fs';

const LOOK_EVERY_MS = 20;

/** Processes other than this one whose command line names the path, as QEMU's does the folder of its sockets. */
export const processesNaming = (path: string): number[] =>
  readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name) && Number(name) !== process.pid)
    .filter((pid) => textOf(`/proc/${pid}/cmdline`).includes(path))
    .map(Number);

/** A process that ended between two looks has no text. */
const textOf = (file: string): string => {
  try {
    return readFileSync(file, 'latin1');
  } catch {
    return '';
  }
};

/** They are no children of this process, so nothing tells when they come and go: it looks, at most `timeoutMs`. */
export const lookUntil = async (
  path: string,
  wanted: (pids: readonly number[]) => boolean,
  timeoutMs: number,
): Promise<readonly number[]> => {
  const untilMs = performance.now() + timeoutMs;
  let pids = processesNaming(path);
  while (!wanted(pids) && performance.now() < untilMs) {
    await new Promise((resolve) => setTimeout(resolve, LOOK_EVERY_MS));
    pids = processesNaming(path);
  }
  return pids;
};
