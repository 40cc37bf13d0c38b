// SPDX-License-Identifier: GPL-2.0-only
import { printable, printableLines } from '../printable.js';
import { testSuites, type TestedDocument, type TestRow } from './test-rows.js';

/** GitHub shows so many annotations of a step; more would push the first out. */
const MOST = 10;

const message = (text: string): string => text.replaceAll('%', '%25').replaceAll('\r', '%0D').replaceAll('\n', '%0A');
const property = (text: string): string => message(text).replaceAll(':', '%3A').replaceAll(',', '%2C');

const annotation = (suite: string, { name, status, message: why = '', detail, file, line }: TestRow): string => {
  const place = file === undefined ? [] : [`file=${property(printable(file))}`, `line=${String(line ?? 1)}`];
  const title = `title=${property(printable(`${name} on ${suite}`))}`;
  // A replay token is thousands of letters that nobody can copy out of an annotation.
  const told = detail.filter((one) => !one.startsWith('mpath replay '));
  const text = [why, ...told].flatMap((one) => printableLines(one)).join('\n');
  return `::${status === 'skip' ? 'warning' : 'error'} ${[...place, title].join(',')}::${message(text)}`;
};

/**
 * Workflow commands that mark what failed, at its line in the scenario file where there is one. No
 * text of a guest or a scenario begins a command of its own: each is one line, and is escaped.
 */
export const githubLines = (document: TestedDocument): string[] => {
  const failed = testSuites(document).flatMap(({ name, rows }) =>
    rows.filter(({ status }) => status === 'fail' || status === 'error').map((row) => annotation(name, row)),
  );
  if (failed.length <= MOST) return failed;
  return [...failed.slice(0, MOST - 1), `::error title=mpath::and ${String(failed.length - MOST + 1)} more`];
};
