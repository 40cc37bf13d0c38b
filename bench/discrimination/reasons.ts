// SPDX-License-Identifier: GPL-2.0-only
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { parse, stringify } from 'yaml';
import { z } from 'zod';
import type { Tried } from './fate.js';
import { shown, siteKey } from './site.js';

const schema = z.array(
  z.strictObject({
    /** What tells the mutant from others, wherever its line goes. */
    mutant: z.string(),
    /** Where it was when the table was written. */
    at: z.string(),
    /** Why no recording tells it from the model; empty: not yet explained. */
    why: z.string(),
  }),
);

/** Mutant → why nothing tells it from the model. */
export type Reasons = ReadonlyMap<string, string>;

/** @throws Error the file is not of its schema */
export const readReasons = (file: string): Reasons => {
  if (!existsSync(file)) return new Map();
  return new Map(schema.parse(parse(readFileSync(file, 'utf8')) ?? []).map(({ mutant, why }) => [mutant, why]));
};

const HEAD = `# SPDX-License-Identifier: GPL-2.0-only
# Mutants that no recording tells from the model, and why: npm run bench -- discrimination --write
`;

/** The survivors of this run, with the reasons that are known. */
export const writeReasons = (file: string, tried: readonly Tried[], known: Reasons): void => {
  const rows = tried
    .filter(({ fate }) => fate === 'survived' || fate === 'unfinished')
    .map(({ site }) => {
      const mutant = siteKey(site);
      const change = `${shown(site.before, 50)} → ${site.after === '' ? 'nothing' : shown(site.after, 50)}`;
      return { mutant, at: `${site.file}:${String(site.line)} ${change}`, why: known.get(mutant) ?? '' };
    })
    .sort((a, b) => (a.mutant < b.mutant ? -1 : 1));
  writeFileSync(file, HEAD + stringify(rows, { lineWidth: 120 }));
};
