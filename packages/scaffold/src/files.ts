// SPDX-License-Identifier: GPL-2.0-only
import { readdir, readFile } from 'node:fs/promises';
import { renamed } from './names.js';

/** A file to be written. */
export interface ScaffoldFile {
  /** Relative, with slashes. */
  readonly path: string;
  readonly text: string;
}

const templates = new URL('../templates/', import.meta.url);

const readAll = async (folder: URL, below = ''): Promise<ScaffoldFile[]> => {
  const entries = await readdir(folder, { withFileTypes: true });
  const read = await Promise.all(
    entries
      .filter(({ name }) => name !== 'node_modules')
      .map(async (entry) => {
        const path = `${below}${entry.name}`;
        if (entry.isDirectory()) return readAll(new URL(`${entry.name}/`, folder), `${path}/`);
        return [{ path, text: await readFile(new URL(entry.name, folder), 'utf8') }];
      }),
  );
  return read.flat().sort((a, b) => (a.path < b.path ? -1 : 1));
};

/** The package of a new driver, by its name. */
export const driverFiles = async (name: string): Promise<readonly ScaffoldFile[]> =>
  (await readAll(new URL('driver/', templates))).map(({ path, text }) => ({ path, text: renamed(text, name) }));

/** A first scenario for a driver that was begun with {@link driverFiles}. */
export const scenarioFile = async (name: string, driver: string): Promise<ScaffoldFile> => {
  const text = await readFile(new URL('scenario/NAME.scenario.yaml', templates), 'utf8');
  return { path: `${name}.scenario.yaml`, text: renamed(text, driver).replace(/^name: NAME$/m, `name: ${name}`) };
};
