// SPDX-License-Identifier: GPL-2.0-only
import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

export interface SourceFile {
  /** Relative to the repository, with slashes. */
  readonly path: string;
  readonly text: string;
}

export interface Violation {
  /** `path` or `path:line`. */
  readonly where: string;
  readonly message: string;
}

/** A rule of the house: a pure function, so that a test can feed it a tree that breaks it. */
export type Rule = (files: readonly SourceFile[]) => Violation[];

export const repository = dirname(dirname(fileURLToPath(import.meta.url)));

const notOurs = new Set(['node_modules', 'dist', '.git', '.nx', '.cache', '.reports', 'coverage']);
const readable = /(^|\/)(mpath|run|Makefile|[^/]+\.(ts|mts|mjs|js|c|h|sh|json|jsonc|yaml|yml|md))$/;

/** Every text of ours below `dir`, sorted by path. */
export const readTree = (dir: string = repository, below = ''): SourceFile[] =>
  readdirSync(join(dir, below), { withFileTypes: true })
    .toSorted((a, b) => (a.name < b.name ? -1 : 1))
    .flatMap((entry) => {
      const path = below === '' ? entry.name : `${below}/${entry.name}`;
      if (entry.isDirectory()) return notOurs.has(entry.name) ? [] : readTree(dir, path);
      return entry.isFile() && readable.test(path) ? [{ path, text: readFileSync(join(dir, path), 'utf8') }] : [];
    });

/** A test, or what only tests use: `x.test.ts`, `x.test.kit.ts`, a folder `testing/`. */
export const isTest = (path: string): boolean => /\.test\.([^/]+\.)?ts$|\/testing\//.test(path);
export const isScript = (path: string): boolean => /\.(ts|mts|mjs|js)$/.test(path);
