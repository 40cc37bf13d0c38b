// SPDX-License-Identifier: GPL-2.0-only
import { printable } from '../printable.js';
import { testSuites, type TestedDocument, type TestRow, type TestSuite } from './test-rows.js';

/** A description ends at a `#`, which begins a directive; a text from elsewhere must not make one. */
const described = (text: string): string => printable(text).replaceAll('\\', '\\\\').replaceAll('#', '\\#');

const resultLine = (row: TestRow, number: number): string => {
  const ok = row.status === 'pass' || row.status === 'skip' ? 'ok' : 'not ok';
  const skip = row.status === 'skip' ? ` # SKIP ${printable(row.message ?? '')}`.trimEnd() : '';
  return `${ok} ${String(number)} ${described(row.name)}${skip}`;
};

/** Diagnostics stand before the result that they belong to, as KUnit has them. */
const rowLines = (row: TestRow, number: number): string[] => [
  ...(row.status === 'skip' || row.message === undefined ? [] : [`# ${printable(row.message)}`]),
  ...row.detail.map((line) => `# ${printable(line)}`.trimEnd()),
  resultLine(row, number),
];

const suiteLines = ({ name, rows, notes = [] }: TestSuite, number: number): string[] => {
  const failed = rows.some(({ status }) => status === 'fail' || status === 'error');
  const inside = [
    'KTAP version 1',
    `# Subtest: ${described(name)}`,
    `1..${String(rows.length)}`,
    ...notes.map((note) => `# ${note.about}: ${printable(note.text)}`),
    ...rows.flatMap((row, nth) => rowLines(row, nth + 1)),
  ];
  const skipped = rows.length === 0 ? ' # SKIP nothing was run' : '';
  return [
    ...inside.map((line) => `  ${line}`),
    `${failed ? 'not ok' : 'ok'} ${String(number)} ${described(name)}${skipped}`,
  ];
};

/** The document as KTAP: a test for each kernel or revision, with a subtest for each scenario. */
export const ktapText = (document: TestedDocument): string => {
  const suites = testSuites(document);
  const lines = [
    'KTAP version 1',
    `1..${String(suites.length)}`,
    ...suites.flatMap((one, nth) => suiteLines(one, nth + 1)),
  ];
  return `${lines.join('\n')}\n`;
};
