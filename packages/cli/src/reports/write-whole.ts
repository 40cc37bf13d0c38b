// SPDX-License-Identifier: GPL-2.0-only
import { constants } from 'node:fs';
import { access, open, rename, rm, stat, writeFile } from 'node:fs/promises';
import { dirname, resolve } from 'node:path';
import { errors } from '../errors.js';

/** `--json` names the document itself, which has a number of its own. */
const unwritable = (flag: string, where: string, cause: unknown) =>
  errors.fail(flag === '--json' ? 'LMP-907' : 'LMP-920', {
    message: `expected a file that can be written: ${cause instanceof Error ? cause.message : String(cause)}`,
    where: `${flag} ${where}`,
    todo: 'make room, or name a file in a folder that can be written; a file that was there is as it was',
    cause,
  });

/** A pipe or a device is written to; only a file can be replaced. */
const replaceable = async (path: string): Promise<boolean> => {
  const found = await stat(path).catch(() => undefined);
  return found === undefined || found.isFile();
};

/**
 * Writes a report so that the file is there whole, or as it was: beside it first, then in its place.
 * @throws LMP-920, LMP-907 no room, no folder, no permission
 */
export const writeWhole = async (flag: string, path: string, text: string): Promise<void> => {
  try {
    if (!(await replaceable(path))) {
      await writeFile(path, text);
      return;
    }
    const beside = `${path}.${String(process.pid)}.part`;
    // Fails where it is there already: it is not ours then, and stays.
    const handle = await open(beside, 'wx');
    try {
      await handle.writeFile(text);
      // A disk may say that it is full only now.
      await handle.sync();
      await handle.close();
      await rename(beside, path);
    } catch (error) {
      await handle.close().catch(() => undefined);
      await rm(beside, { force: true });
      throw error;
    }
  } catch (cause) {
    throw unwritable(flag, path, cause);
  }
};

/**
 * Before a long run: whether the file can be written at all. Makes nothing.
 * @throws LMP-920, LMP-907
 */
export const checkWritable = async (flag: string, cwd: string, target: string | undefined): Promise<void> => {
  if (target === undefined) return;
  const path = resolve(cwd, target);
  const found = await stat(path).catch(() => undefined);
  if (found?.isDirectory() === true) throw unwritable(flag, path, new Error('it is a folder'));
  await access(found?.isFile() === false ? path : dirname(path), constants.W_OK).catch((cause: unknown) => {
    throw unwritable(flag, path, cause);
  });
};
