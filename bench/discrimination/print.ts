// SPDX-License-Identifier: GPL-2.0-only
import { fates, type Tried } from './fate.js';
import { rowKey, type Row } from './messages.js';
import type { Reasons } from './reasons.js';
import { shown, type Site } from './site.js';
import type { Source } from './sources.js';
import type { Changed } from './changed.js';

type Say = (text: string) => void;

const GOAL = 0.9;

const percent = (part: number, of: number): string => (of === 0 ? '–' : `${((100 * part) / of).toFixed(1)} %`);

const counted = <T>(items: readonly T[], keyOf: (item: T) => string): [string, T[]][] => {
  const groups = new Map<string, T[]>();
  for (const item of items) groups.set(keyOf(item), [...(groups.get(keyOf(item)) ?? []), item]);
  return [...groups].sort(([a], [b]) => (a < b ? -1 : 1));
};

const roomOf = (file: string): string => file.split('/src/')[0] ?? file;

/** How much of the models the recordings execute: a mutant elsewhere says nothing, and is not made. */
export const printShare = (
  say: Say,
  sources: readonly Source[],
  covered: ReadonlyMap<Site, readonly Row[]>,
  rows: readonly Row[],
): void => {
  say(`${String(rows.length)} rows (scenario on a recorded kernel)`);
  for (const [room, group] of counted(sources, ({ file }) => roomOf(file))) {
    const sites = group.flatMap((source) => source.sites);
    const reached = sites.filter((site) => covered.has(site)).length;
    say(
      `  ${room}: ${String(reached)} of ${String(sites.length)} places for a mutant are reached (${percent(reached, sites.length)})`,
    );
  }
};

const lineOf = ({ site, by, detail, fate }: Tried): string => {
  const where = `${site.file}:${String(site.line)} ${site.owner}`;
  const change = `${site.operator}: ${shown(site.before)} → ${site.after === '' ? 'nothing' : shown(site.after)}`;
  return `  ${fate} ${where}\n      ${change}${by === undefined ? '' : `\n      ${rowKey(by)}: ${shown(detail ?? '', 160)}`}`;
};

/** @returns whether each survivor is explained, and as many mutants as promised turned a verdict to `diverge` */
export const printFates = (say: Say, tried: readonly Tried[], reasons: Reasons): boolean => {
  const of = (list: readonly Tried[]): string =>
    fates.map((fate) => `${fate} ${String(list.filter((one) => one.fate === fate).length)}`).join(', ');
  const diverged = tried.filter(({ fate }) => fate === 'diverge').length;
  const rest = tried.filter(({ fate }) => fate !== 'diverge');
  for (const one of rest) {
    const why = reasons.get(one.site.key) ?? '';
    say(`${lineOf(one)}\n      because ${why === '' ? '– NOT EXPLAINED' : why}`);
  }
  for (const [room, list] of counted(tried, ({ site }) => roomOf(site.file))) say(`${room}: ${of(list)}`);
  for (const [operator, list] of counted(tried, ({ site }) => site.operator)) say(`${operator}: ${of(list)}`);
  const open = rest.filter(({ site }) => (reasons.get(site.key) ?? '') === '').length;
  const others = tried.filter(({ fate }) => fate !== 'equivalent').length;
  const held = others > 0 && diverged >= GOAL * others && open === 0;
  const shares = (count: number): string =>
    `${percent(count, tried.length)} of all, ${percent(count, others)} of the ${String(others)} that are another model`;
  const noticed = tried.filter(({ fate }) => !['survived', 'same', 'equivalent', 'unfinished'].includes(fate)).length;
  say(
    `${String(tried.length)} mutants: ${of(tried)}\n  diverge: ${shares(diverged)} (goal ${String(GOAL * 100)} %)\n  noticed in any way: ${shares(noticed)}\n  ${String(open)} of the other ${String(rest.length)} not explained: ${held ? 'met' : 'missed'}`,
  );
  return held;
};

/** The observations that mean something: some mutant changes their value. */
export const printObservations = (say: Say, rows: readonly Row[], changed: Changed): void => {
  const all = rows.flatMap((row) => row.labels.map((label) => ({ row, label })));
  const meant = all.filter(({ row, label }) => changed.has(row, label)).length;
  for (const row of rows) {
    const rest = changed.unchanged(row);
    if (rest.length > 0) say(`  no mutant changes ${rowKey(row)}: ${rest.join(', ')}`);
  }
  say(
    `${String(meant)} of ${String(all.length)} distinct (scenario, observation, kernel) have a value that some mutant changes`,
  );
};
