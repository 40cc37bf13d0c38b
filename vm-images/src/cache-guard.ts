// SPDX-License-Identifier: GPL-2.0-only
import { mkdir, stat } from 'node:fs/promises';
import { dirname } from 'node:path';
import { vmImagesErrors } from './errors.js';

const refused = new Set(['EACCES', 'EPERM', 'EROFS', 'ENOTDIR', 'EEXIST', 'ELOOP', 'ENAMETOOLONG']);

const errnoOf = (error: unknown): string | undefined =>
  error instanceof Error && 'code' in error && typeof error.code === 'string' ? error.code : undefined;

/** The errno name of a failed system call, undefined for any other failure. */
export const errnoName = errnoOf;

/** What a program said about a full disk, as the system call would have failed: {@link inCache} numbers both. */
export const noSpaceLeft = (said: string): Error =>
  Object.assign(new Error(`no space left on device: ${said}`), { code: 'ENOSPC' });

const refusal = (cacheDir: string, errno: string, cause: unknown): Error =>
  vmImagesErrors.fail('LMP-803', {
    message: `a directory that can be written to is expected (${errno})`,
    where: cacheDir,
    todo: 'give this user the directory, or set MPATH_CACHE to another',
    cause,
  });

/**
 * Runs what writes below the cache.
 * @throws LMP-803 it may not be written, LMP-804 the disk is full.
 */
export const inCache = async <T>(cacheDir: string, write: () => Promise<T>): Promise<T> => {
  try {
    return await write();
  } catch (error) {
    const errno = errnoOf(error);
    if (errno === 'ENOSPC' || errno === 'EDQUOT') {
      throw vmImagesErrors.fail('LMP-804', {
        message: 'no space is left on the disk',
        where: cacheDir,
        todo: 'free about 300 MB there, or set MPATH_CACHE to a directory on another disk',
        cause: error,
      });
    }
    if (errno !== undefined && refused.has(errno)) throw refusal(cacheDir, errno, error);
    throw error;
  }
};

/**
 * Makes a directory in the cache and those above it, one by one: with `recursive`, Node 20 tries for ever where a
 * parent answers ENOENT although it is there, as /proc does.
 * @throws LMP-803, LMP-804
 */
export const makeCacheDirs = (cacheDir: string, dir: string): Promise<void> =>
  inCache(cacheDir, () =>
    makeDirs(dir).catch((error: unknown) => {
      throw errnoOf(error) === 'ENOENT' ? refusal(cacheDir, 'ENOENT', error) : error;
    }),
  );

const makeDirs = async (dir: string): Promise<void> => {
  if (await isDirectory(dir)) return;
  if (dirname(dir) !== dir) await makeDirs(dirname(dir));
  await mkdir(dir).catch(async (error: unknown) => {
    // Another process was faster.
    if (errnoOf(error) !== 'EEXIST' || !(await isDirectory(dir))) throw error;
  });
};

const isDirectory = (path: string): Promise<boolean> =>
  stat(path).then(
    (found) => found.isDirectory(),
    () => false,
  );
