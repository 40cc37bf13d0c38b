// SPDX-License-Identifier: GPL-2.0-only
import { printable, printableLines } from '../printable.js';
import { testSuites, type SuiteNote, type TestedDocument, type TestRow, type TestSuite } from './test-rows.js';

const entities: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&apos;',
};

const escaped = (text: string): string => text.replaceAll(/[&<>"']/g, (char) => entities[char] ?? '');

/** XML has no way to write most control characters: they are shown instead. */
const attribute = (text: string): string => escaped(printable(text));

const content = (lines: readonly string[]): string => escaped(lines.flatMap((line) => printableLines(line)).join('\n'));

const count = (rows: readonly TestRow[], status: TestRow['status']): string =>
  String(rows.filter((row) => row.status === status).length);

const secondsOf = (rows: readonly TestRow[]): string =>
  rows.reduce((sum, { seconds = 0 }) => sum + seconds, 0).toFixed(3);

const resultOf = ({ status, message = '', detail }: TestRow): string => {
  switch (status) {
    case 'pass':
      return detail.length === 0 ? '' : `<system-out>${content(detail)}</system-out>`;
    case 'skip':
      return `<skipped message="${attribute(message)}"/>`;
    case 'fail':
    case 'error': {
      const tag = status === 'fail' ? 'failure' : 'error';
      return `<${tag} message="${attribute(message)}">${content(detail)}</${tag}>`;
    }
  }
};

const caseText = (suite: string, row: TestRow): string => {
  const place = row.file === undefined ? '' : ` file="${attribute(row.file)}" line="${String(row.line ?? 1)}"`;
  const head = `<testcase classname="${attribute(suite)}" name="${attribute(row.name)}" time="${(row.seconds ?? 0).toFixed(3)}"${place}`;
  const result = resultOf(row);
  return result === '' ? `    ${head}/>` : `    ${head}>${result}</testcase>`;
};

const countsText = (rows: readonly TestRow[]): string =>
  `tests="${String(rows.length)}" failures="${count(rows, 'fail')}" errors="${count(rows, 'error')}" skipped="${count(rows, 'skip')}" time="${secondsOf(rows)}"`;

const propertiesText = (notes: readonly SuiteNote[]): string[] =>
  notes.length === 0
    ? []
    : [
        '    <properties>',
        ...notes.map((note) => `      <property name="${note.about}" value="${attribute(note.text)}"/>`),
        '    </properties>',
      ];

const suiteText = ({ name, rows, notes = [] }: TestSuite): string =>
  [
    `  <testsuite name="${attribute(name)}" ${countsText(rows)}>`,
    ...propertiesText(notes),
    ...rows.map((row) => caseText(name, row)),
    '  </testsuite>',
  ].join('\n');

/** The document as JUnit XML: a suite for each kernel or revision, a case for each scenario. */
export const junitText = (document: TestedDocument): string => {
  const suites = testSuites(document);
  const all = suites.flatMap(({ rows }) => rows);
  return [
    '<?xml version="1.0" encoding="UTF-8"?>',
    `<testsuites name="mpath" ${countsText(all)}>`,
    ...suites.map(suiteText),
    '</testsuites>',
    '',
  ].join('\n');
};
