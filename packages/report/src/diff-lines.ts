// SPDX-License-Identifier: GPL-2.0-only
import { canonical, STUCK, type DiffRow, type DiffScenario, type Json } from '@libmultipath/contract';
import type { Palette } from './palette.js';
import { printable, printableLines } from './printable.js';
import { wrap } from './wrap.js';

/** Width where nobody says how wide the screen is. */
const COLUMNS = 100;
/** Below it a wrapped explanation would be a column of single words. */
const COLUMNS_MIN = 40;

export interface DiffStyle {
  /** Names of the two models. */
  readonly models: readonly [string, string];
  readonly colours: Palette;
  readonly columns?: number;
}

/** Rows that follow each other and have one explanation. */
interface Group {
  readonly rows: readonly DiffRow[];
  /** Rows that say no more than that one side did not come there. */
  readonly folded: number;
  readonly why: string | undefined;
}

/** The differences of two models on a scenario, each explanation once, after the rows that it covers. */
export const diffLines = (scenario: DiffScenario, style: DiffStyle): string[] => {
  const { colours } = style;
  const paint =
    scenario.verdict === 'same' ? colours.good : scenario.verdict === 'unsupported' ? colours.dim : colours.odd;
  const reason = scenario.reason === undefined ? [] : printableLines(scenario.reason).map((line) => `      ${line}`);
  return [
    `  ${paint(scenario.verdict.padEnd(12))} ${printable(scenario.name)}`,
    ...reason,
    ...groupsOf(scenario.differences).flatMap((group) => groupLines(group, style)),
  ];
};

/** A side that is stuck comes first: what it did not show after that needs no row each. */
const groupsOf = (differences: readonly DiffRow[]): Group[] => {
  const stuck = differences.find(
    ({ observation, a, b }) => observation === STUCK && (a.length === 0 || b.length === 0),
  );
  if (stuck === undefined) return adjacent(differences);
  const neverReached = (row: DiffRow): boolean =>
    row !== stuck && row.why === stuck.why && (stuck.a.length > 0 ? row.a : row.b).length === 0;
  const others = differences.filter((row) => row !== stuck && !neverReached(row));
  return [{ rows: [stuck], folded: differences.filter(neverReached).length, why: stuck.why }, ...adjacent(others)];
};

const adjacent = (rows: readonly DiffRow[]): Group[] => {
  const groups: { rows: DiffRow[]; folded: 0; why: string | undefined }[] = [];
  for (const row of rows) {
    const last = groups.at(-1);
    if (last !== undefined && last.why === row.why) last.rows.push(row);
    else groups.push({ rows: [row], folded: 0, why: row.why });
  }
  return groups;
};

const groupLines = ({ rows, folded, why }: Group, { models, colours, columns = COLUMNS }: DiffStyle): string[] => {
  const width = Math.max(...models.map((name) => printable(name).length), 6);
  const [a, b] = models.map((name) => printable(name).padEnd(width));
  return [
    ...rows.flatMap((row) => [
      `      ${colours.strong(`${printable(row.file)}:${String(row.line)}`)}  ${printable(row.observation)}`,
      `        ${a ?? ''} ${valuesText(row.a)}`,
      `        ${b ?? ''} ${valuesText(row.b)}`,
    ]),
    ...(folded === 0 ? [] : [`        … and ${String(folded)} observation${folded === 1 ? '' : 's'} after it`]),
    ...(why === undefined
      ? [`        ${colours.bad(rows.length + folded === 1 ? 'not explained' : 'none of these is explained')}`]
      : wrap(printable(why), '        because ', Math.max(COLUMNS_MIN, columns))),
  ];
};

const valuesText = (values: readonly Json[]): string =>
  values.map((value) => printable(canonical(value))).join(' | ') || '(nothing)';
