// SPDX-License-Identifier: GPL-2.0-only
import { mkdir } from 'node:fs/promises';
import { vmImagesErrors } from './errors.js';

const refused = new Set(['EACCES', 'EPERM', 'EROFS', 'ENOTDIR', 'EEXIST', 'ELOOP', 'ENAMETOOLONG']);

const errnoOf = (error: unknown): string | undefined =>
  error instanceof Error && 'code' in error && typeof error.code === 'string' ? error.code : undefined;

/** The errno name of a failed system call, undefined for any other failure. */
export const errnoName = errnoOf;

/** What a program said about a full disk, as the system call would have failed: {@link inCache} numbers both. */
export const noSpaceLeft = (said: string): Error =>
  Object.assign(new Error(`no space left on device: ${said}`), { code: 'ENOSPC' });

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
        todo: 'free about 300 MB, or choose a cache directory on another disk',
        cause: error,
      });
    }
    if (errno !== undefined && refused.has(errno)) {
      throw vmImagesErrors.fail('LMP-803', {
        message: `a directory that can be written to is expected (${errno})`,
        where: cacheDir,
        todo: 'give this user the directory, or choose another cache directory',
        cause: error,
      });
    }
    throw error;
  }
};

export const makeCacheDir = (cacheDir: string, dir: string): Promise<string | undefined> =>
  inCache(cacheDir, () => mkdir(dir, { recursive: true }));
