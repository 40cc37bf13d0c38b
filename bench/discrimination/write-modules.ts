// SPDX-License-Identifier: GPL-2.0-only
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';
import { pathToFileURL } from 'node:url';
import { asItIs } from './instrument.js';
import type { Source } from './sources.js';

/** What a child process consists of; it runs without a loader of TypeScript. */
const OWN = ['child.ts', 'lab.ts', 'messages.ts', 'names.ts'];

/**
 * Writes JavaScript into the folder.
 * @returns address of a module → file that stands in for it
 */
export const writeModules = (
  root: string,
  folder: string,
  sources: readonly Source[],
  compile: (source: Source) => string,
): Map<string, string> => {
  const modules = new Map<string, string>();
  const put = (address: string, name: string, text: string): void => {
    const file = join(folder, `${name.replaceAll('/', '+')}.mjs`);
    mkdirSync(dirname(file), { recursive: true });
    writeFileSync(file, text);
    modules.set(address, file);
  };
  for (const source of sources) put(source.address, source.file, compile(source));
  for (const path of [...OWN.map((name) => join(import.meta.dirname, name)), join(root, 'mpath.config.ts')]) {
    put(pathToFileURL(path).href, relative(root, path), asItIs(path, readFileSync(path, 'utf8')));
  }
  return modules;
};
