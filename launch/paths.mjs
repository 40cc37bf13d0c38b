// SPDX-License-Identifier: GPL-2.0-only
// @ts-check
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

/** The repository. */
export const root = dirname(dirname(fileURLToPath(import.meta.url)));

/** What the launcher remembers between runs; not under version control. */
export const stateDir = join(root, '.cache', 'launch');

/**
 * @param {string} file
 * @returns {unknown}
 */
export const readJson = (file) => JSON.parse(readFileSync(file, 'utf8'));

/**
 * The rooms, as the root package.json lists them.
 * @param {string} [from]
 * @returns {string[]} paths below `from`, sorted
 */
export const rooms = (from = root) => {
  const { workspaces } = /** @type {{ workspaces: string[] }} */ (readJson(join(from, 'package.json')));
  return workspaces
    .flatMap((pattern) => {
      if (!pattern.endsWith('/*')) return [pattern];
      const parent = pattern.slice(0, -2);
      if (!existsSync(join(from, parent))) return [];
      return readdirSync(join(from, parent)).map((name) => `${parent}/${name}`);
    })
    .filter((room) => existsSync(join(from, room, 'package.json')))
    .toSorted();
};
