// SPDX-License-Identifier: GPL-2.0-only
import { existsSync } from 'node:fs';
import { mkdir, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { isName, type ScaffoldFile } from '@libmultipath/scaffold';
import { errors } from '../errors.js';

/** @throws LMP-934 */
export const checkName = (name: string): void => {
  if (isName(name)) return;
  throw errors.fail('LMP-934', {
    message: `expected lower case letters, digits and single dashes, 40 at most, found \`${name}\``,
    where: name,
    todo: 'choose another name',
  });
};

/** Writes files where none is. @throws LMP-933 and writes none of them */
export const writeNew = async (dir: string, files: readonly ScaffoldFile[]): Promise<void> => {
  const taken = files.map(({ path }) => join(dir, path)).find((path) => existsSync(path));
  if (taken !== undefined) {
    throw errors.fail('LMP-933', {
      message: 'expected nothing to be there, found a file',
      where: taken,
      todo: 'give another name, or --dir',
    });
  }
  for (const { path, text } of files) {
    const file = join(dir, path);
    await mkdir(dirname(file), { recursive: true });
    // `wx`: whoever was faster keeps his file.
    await writeFile(file, text, { flag: 'wx' });
  }
};
