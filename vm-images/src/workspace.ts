// SPDX-License-Identifier: GPL-2.0-only
import { randomBytes } from 'node:crypto';
import { mkdir, readdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { errnoName, inCache, makeCacheDirs } from './cache-guard.js';

const alive = (pid: number): boolean => {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return errnoName(error) === 'EPERM';
  }
};

/** Removes what processes that are gone left behind. */
const sweep = async (tmp: string): Promise<void> => {
  for (const name of await readdir(tmp)) {
    const pid = Number(/^(\d+)-[0-9a-f]+$/.exec(name)?.[1]);
    if (Number.isInteger(pid) && !alive(pid)) await rm(join(tmp, name), { recursive: true, force: true });
  }
};

/**
 * Gives `work` a directory of its own on the cache's file system, so that what it makes can be
 * renamed into place at once. The directory is removed whatever happens.
 * @throws LMP-803, LMP-804
 */
export const withWorkspace = async <T>(cacheDir: string, work: (dir: string) => Promise<T>): Promise<T> => {
  const tmp = join(cacheDir, 'tmp');
  const dir = join(tmp, `${process.pid}-${randomBytes(6).toString('hex')}`);
  await makeCacheDirs(cacheDir, tmp);
  await inCache(cacheDir, async () => {
    await sweep(tmp);
    await mkdir(dir);
  });
  try {
    return await inCache(cacheDir, () => work(dir));
  } finally {
    await rm(dir, { recursive: true, force: true });
  }
};

/**
 * Makes the cache if it is not there, and tries whether it can be written.
 * @throws LMP-803, LMP-804
 */
export const checkCache = (cacheDir: string): Promise<void> => withWorkspace(cacheDir, () => Promise.resolve());
