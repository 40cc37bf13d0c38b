// SPDX-License-Identifier: GPL-2.0-only
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { parse, stringify } from 'yaml';
import { z } from 'zod';
import type { Measured, Tried } from './fate.js';
import { shown, type Site } from './site.js';

const common = {
  /** What tells the mutant from others, wherever its line goes. */
  mutant: z.string(),
  /** Where it was when the table was written. */
  at: z.string(),
};

const survivors = z.array(
  z.strictObject({
    ...common,
    /** Why no recording tells it from the model; empty: not yet explained. */
    why: z.string(),
  }),
);

const sames = z.array(
  z.strictObject({
    ...common,
    /** What the run has seen of it. */
    measured: z.string(),
    /** No input at all tells the two programs apart; null: not yet read. */
    equivalent: z.boolean().nullable(),
    /** Why they are equivalent, or what would tell them apart and why no scenario does. */
    why: z.string(),
  }),
);

/** Mutant → why nothing tells it from the model. */
export type Reasons = ReadonlyMap<string, string>;
/** Mutant whose searches are the model's own → what the reading of it found. */
export type Readings = ReadonlyMap<string, { readonly equivalent: boolean | null; readonly why: string }>;

const parsed = (file: string): unknown => (existsSync(file) ? (parse(readFileSync(file, 'utf8')) ?? []) : []);

/** @throws Error the file is not of its schema */
export const readReasons = (file: string): Reasons =>
  new Map(survivors.parse(parsed(file)).map(({ mutant, why }) => [mutant, why]));

/** @throws Error the file is not of its schema */
export const readReadings = (file: string): Readings =>
  new Map(sames.parse(parsed(file)).map(({ mutant, equivalent, why }) => [mutant, { equivalent, why }]));

const HEAD = `# SPDX-License-Identifier: GPL-2.0-only
# Mutants that turn no verdict to diverge, and why: npm run bench -- discrimination --write
`;
const SAME_HEAD = `# SPDX-License-Identifier: GPL-2.0-only
# Mutants whose searches are the model's own step by step, read one by one: npm run bench -- discrimination --write
# equivalent: no input tells the two programs apart. The others count as survivors.
`;

const changeOf = ({ file, line, before, after }: Site): string =>
  `${file}:${String(line)} ${shown(before, 50)} → ${after === '' ? 'nothing' : shown(after, 50)}`;

const byMutant = (a: { readonly mutant: string }, b: { readonly mutant: string }): number =>
  a.mutant < b.mutant ? -1 : 1;

const written = (head: string, rows: readonly { readonly mutant: string }[]): string =>
  head + stringify(rows.toSorted(byMutant), { lineWidth: 120 });

/** What no verdict of `diverge` tells, the same apart, with the reasons that are known. */
export const writeReasons = (file: string, tried: readonly Tried[], known: Reasons): void => {
  const rows = tried
    .filter(({ fate }) => fate !== 'diverge' && fate !== 'same')
    .map(({ site }) => ({ mutant: site.key, at: changeOf(site), why: known.get(site.key) ?? '' }));
  writeFileSync(file, written(HEAD, rows));
};

/** What the reading made of a mutant that is the same model in these scenarios. */
export const read = (tried: Tried, readings: Readings): Tried => {
  const equivalent = readings.get(tried.site.key)?.equivalent ?? null;
  if (tried.fate !== 'same' || equivalent === null) return tried;
  return { ...tried, fate: equivalent ? 'equivalent' : 'survived' };
};

/** Mutants that are the same model in these scenarios, with what was measured and what the reading found. */
export const writeReadings = (file: string, tried: readonly Tried[], known: Readings, reasons: Reasons): void => {
  const rows = tried
    .filter(({ fate }) => fate === 'same')
    .map(({ site, measured }) => {
      const { equivalent = null, why = reasons.get(site.key) ?? '' } = known.get(site.key) ?? {};
      return { mutant: site.key, at: changeOf(site), measured: measuredText(site, measured), equivalent, why };
    });
  writeFileSync(file, written(SAME_HEAD, rows));
};

const NAMED = 3;

/** What was seen of a mutant whose schedules are the model's own. */
export const measuredText = (
  { isStatic }: Pick<Site, 'isStatic'>,
  { evaluated, differed, scenarios, searches }: Measured,
): string => {
  const whole = `${String(searches)} whole searches are the model's own step by step`;
  if (isStatic) return `evaluated once, while the module is loaded; ${whole}`;
  if (evaluated === 0) return `never evaluated in the schedules that were looked at; ${whole}`;
  const more = scenarios.length - NAMED;
  const where = `${scenarios.slice(0, NAMED).join(', ')}${more > 0 ? ` and ${String(more)} more` : ''}`;
  const how =
    differed === undefined
      ? `done ${String(evaluated)} times`
      : `another value in ${String(differed)} of ${String(evaluated)} evaluations`;
  return `${how}, in ${where}; the steps that follow are the same, and ${whole}`;
};
