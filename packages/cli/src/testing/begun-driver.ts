// SPDX-License-Identifier: GPL-2.0-only
import { mkdir, mkdtemp, symlink, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { driverFiles } from '@libmultipath/scaffold';

/** Packages of this checkout. */
export const modules = fileURLToPath(new URL('../../../../node_modules', import.meta.url));

/**
 * A folder with a driver called `acme` as `mpath new driver` begins it, with other text in one of its files.
 * @param below an existing folder that it is made in
 */
export const begunDriver = async (
  below: string,
  change: (text: string) => string = (text) => text,
  file = 'src/driver.ts',
): Promise<string> => {
  const dir = await mkdtemp(join(below, 'd-'));
  for (const { path, text } of await driverFiles('acme')) {
    await mkdir(dirname(join(dir, path)), { recursive: true });
    await writeFile(join(dir, path), path === file ? change(text) : text);
  }
  await symlink(modules, join(dir, 'node_modules'));
  return dir;
};
