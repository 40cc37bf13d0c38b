// SPDX-License-Identifier: GPL-2.0-only
import type { Finding } from '@libmultipath/checker';
import { checkScenarioLines, findingLines, printable, type KnownMark, type Level } from '@libmultipath/report';
import type { CheckScenario } from '@libmultipath/contract';
import { colourOn, type CliContext, type Output } from '../context.js';
import { CONTRACT } from './contract.js';
import { toldOf, type CheckedRevision, type CheckedRow } from './assemble.js';

export interface PrintOptions {
  readonly output: Output;
  readonly context: CliContext;
  /** Known findings in full too. */
  readonly full: boolean;
  /** Quiet: no row in which all is known. Verbose: what each search took. */
  readonly level: Level;
  /** A signal came, and there was time enough since: no more schedules are told. */
  readonly spent: () => boolean;
}

const COLUMNS = 100;

const markOf =
  ({ listed }: CheckedRevision) =>
  (id: string): KnownMark | undefined =>
    listed.get(id);

/** A revision's rows: verdict and bound of each scenario, its findings in a line each. */
export const printChecked = (
  checked: CheckedRevision,
  left: readonly (readonly [scenario: string, why: string])[],
  { output, context, level }: PrintOptions,
  head?: string,
): void => {
  const quiet = level === 'quiet';
  const style = { colour: colourOn(context, output), known: markOf(checked), verbose: level === 'verbose' };
  const asListed = ({ findings }: CheckScenario): boolean => findings.every(({ known }) => known);
  if (quiet && checked.part.scenarios.every(asListed)) return;
  output.write(`${printable(checked.part.revision)}${head === undefined ? '' : `: ${head}`}\n`);
  for (const row of checked.part.scenarios.filter((one) => one.name === CONTRACT && !(quiet && asListed(one)))) {
    output.write(`  ${row.verdict.padEnd(12)} ${printable(row.name).padEnd(32)} ${printable(row.bound)}\n`);
    for (const { id, functions, known, message } of row.findings) {
      const mark = known ? ', known' : '';
      output.write(`      ${id}  driver-contract in ${functions.join(', ')}${mark}\n        ${printable(message)}\n`);
    }
  }
  for (const { row, explored } of checked.rows) {
    if (quiet && asListed(row)) continue;
    for (const line of checkScenarioLines(row, style)) output.write(`${line}\n`);
    if (explored.advice !== undefined) output.write(`      too large: ${printable(explored.advice)}\n`);
  }
  if (!quiet)
    for (const [scenario, why] of left) output.write(`  unsupported  ${scenario.padEnd(32)} ${printable(why)}\n`);
};

/** Telling a schedule runs it: signals are heard between two of them. */
export const oneTurn = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

interface Told {
  readonly row: CheckedRow;
  readonly finding: Finding;
  readonly of: CheckedRevision;
}

const cheaper = (a: Finding, b: Finding): boolean =>
  a.switches < b.switches || (a.switches === b.switches && a.events < b.events);

/** Each id once, with the smallest schedule of all scenarios that show it. */
const smallestOf = (of: CheckedRevision, full: boolean): Told[] => {
  const told = new Map<string, Told>();
  for (const row of of.rows) {
    for (const finding of row.findings) {
      if (!full && of.listed.has(finding.id)) continue;
      const before = told.get(finding.id);
      if (before === undefined || cheaper(finding, before.finding)) told.set(finding.id, { row, finding, of });
    }
  }
  // Who reads from the top reads the shortest counterexample first.
  return [...told.values()].sort(
    (a, b) => a.finding.switches - b.finding.switches || a.finding.events - b.finding.events,
  );
};

/**
 * The findings as a kernel developer reads them. What shows on the other revision is the
 * driver's and comes first; what shows on this one alone is printed below as the library's.
 */
export const printFindings = async (
  checked: CheckedRevision,
  against: CheckedRevision | undefined,
  { output, context, full, spent }: PrintOptions,
): Promise<void> => {
  let left = 0;
  const print = async ({ row, finding, of }: Told): Promise<void> => {
    await oneTurn();
    if (spent()) {
      left++;
      return;
    }
    const known = of.listed.get(finding.id);
    const style = { columns: output.columns ?? COLUMNS, colour: colourOn(context, output) };
    const lines = findingLines(toldOf(row, finding), { ...style, ...(known === undefined ? {} : { known }) });
    output.write(`\n${lines.join('\n')}\n`);
  };
  const drivers = against === undefined ? [] : smallestOf(against, full);
  const ids = new Set(against?.rows.flatMap(({ findings }) => findings.map(({ id }) => id)));
  const others = smallestOf(checked, full).filter(({ finding }) => !ids.has(finding.id));
  for (const told of drivers) await print(told);
  if (against !== undefined && others.length > 0) {
    output.write(`\nOnly on ${checked.part.revision}, so the library’s where ${against.part.revision} is complete:\n`);
  }
  for (const told of others) await print(told);
  if (drivers.length + others.length > 0) output.write('\n');
  if (left > 0) output.write(`not told, since the command was stopped: ${String(left)} of the schedules\n`);
};
