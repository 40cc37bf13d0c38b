// SPDX-License-Identifier: GPL-2.0-only
import { fileURLToPath } from 'node:url';
import { loadKnownFindings, type KnownFinding, type KnownStatus } from '@libmultipath/checker';
import { coreFindings } from '@libmultipath/core';
import { loadConfig } from '../src/config.js';

/*
 * How many findings are listed, by driver, revision and what the triage came to. Reading a list holds it to its
 * form: a finding without a page, a status and a reporter, or a page without a finding, ends this with an error.
 *
 *   npm run bench -- known-findings
 */
const STATUS: readonly KnownStatus[] = ['real', 'note', 'model'];
const MODELS: readonly string[] = ['v1', 'v2', 'v3', 'fixed'];

const config = await loadConfig(fileURLToPath(new URL('../../../mpath.config.ts', import.meta.url)));
const lists: readonly (readonly [name: string, list: readonly KnownFinding[]])[] = [
  ['the library', loadKnownFindings(fileURLToPath(coreFindings))],
  ...config.drivers.flatMap(({ name, findings }): [string, KnownFinding[]][] =>
    findings === undefined ? [] : [[name, loadKnownFindings(fileURLToPath(findings))]],
  ),
];

const print = (cells: readonly (string | number)[]): void => {
  const [name = '', ...rest] = cells;
  process.stdout.write(`${String(name).padEnd(24)}${rest.map((cell) => String(cell).padStart(11)).join('')}\n`);
};

const row = (name: string, list: readonly KnownFinding[]): void => {
  const of = (status: KnownStatus): number => list.filter((entry) => entry.status === status).length;
  const races = list.filter(({ id }) => id.startsWith('RACE-')).length;
  const nobody = list.filter(({ reporter }) => reporter === 'nobody').length;
  print([name, list.length, ...STATUS.map(of), races, nobody]);
};

/** The library's revisions in their order, then kernels by number. */
const inOrder = (a: string, b: string): number => {
  const [at, other] = [MODELS.indexOf(a), MODELS.indexOf(b)];
  if (at >= 0 || other >= 0) return (at < 0 ? MODELS.length : at) - (other < 0 ? MODELS.length : other);
  return a.localeCompare(b, 'en', { numeric: true });
};

print(['listed, each with page', 'findings', ...STATUS, 'races', 'unreported']);
for (const [name, list] of lists) {
  row(name, list);
  const revisions = [...new Set(list.flatMap((entry) => entry.revisions))].sort(inOrder);
  for (const revision of revisions) {
    row(
      `  ${revision}`,
      list.filter((entry) => entry.revisions.includes(revision)),
    );
  }
}
const all = lists.flatMap(([, list]) => list);
row('all lists', all);
const ids = new Set(all.map(({ id }) => id)).size;
process.stdout.write(`${String(ids)} ids: some of the library’s show under a driver too, and stand in its list.\n`);
