// SPDX-License-Identifier: GPL-2.0-only
// @ts-check
import { mkdirSync, readFileSync, rmSync, watch, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';

import { LaunchFailure } from './failure.mjs';
import { stateDir } from './paths.mjs';

const waitMs = 15 * 60_000;
/** How often a waiting run looks whether the holder still lives: a killed one frees nothing. */
const lookMs = 1000;

/**
 * @param {string} file
 * @returns {number | undefined} the pid that holds the lock; undefined where nobody alive does
 */
export const lockHolder = (file) => {
  try {
    const pid = Number(readFileSync(file, 'utf8'));
    if (!Number.isInteger(pid) || pid <= 0) return undefined;
    process.kill(pid, 0);
    return pid;
  } catch (error) {
    // EPERM: it lives, and is another user's.
    if (error instanceof Error && 'code' in error && error.code === 'EPERM') return -1;
    return undefined;
  }
};

/** @param {string} file */
const tryLock = (file) => {
  // The second turn is for a lock whose holder died.
  for (const last of [false, true]) {
    try {
      writeFileSync(file, String(process.pid), { flag: 'wx' });
      return true;
    } catch (error) {
      if (!(error instanceof Error && 'code' in error && error.code === 'EEXIST')) throw error;
      if (last || lockHolder(file) !== undefined) return false;
      rmSync(file, { force: true });
    }
  }
  return false;
};

/**
 * Two runs side by side must not install or build into the same folders at once: the second waits.
 * @template T
 * @param {() => Promise<T>} work
 * @param {{ file?: string, limitMs?: number }} [options]
 * @returns {Promise<T>}
 */
export const withSetupLock = async (work, { file = join(stateDir, 'lock'), limitMs = waitMs } = {}) => {
  mkdirSync(dirname(file), { recursive: true });
  const deadlineMs = performance.now() + limitMs;
  while (!tryLock(file)) {
    if (performance.now() > deadlineMs) {
      throw new LaunchFailure(
        'LMP-955',
        `expected the setup of this copy to be free, found process ${lockHolder(file) ?? 'unknown'} in it`,
        `wait for it to end, or end it and remove ${file}`,
      );
    }
    await changed(dirname(file));
  }
  try {
    return await work();
  } finally {
    rmSync(file, { force: true });
  }
};

/**
 * @param {string} dir
 * @returns {Promise<void>}
 */
const changed = (dir) =>
  new Promise((resolve) => {
    const watcher = watch(dir);
    const look = setTimeout(done, lookMs);
    function done() {
      clearTimeout(look);
      watcher.close();
      resolve();
    }
    watcher.once('change', done);
    watcher.once('error', done);
  });
