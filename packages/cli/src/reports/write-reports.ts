// SPDX-License-Identifier: GPL-2.0-only
import { resolve } from 'node:path';
import { githubLines, junitText, ktapText, pageHtml, type PageData, type TestedDocument } from '@libmultipath/report';
import type { CliContext, Output } from '../context.js';
import { checkWritable, writeWhole } from './write-whole.js';

/** What a command can write beside its JSON document. */
export interface ReportFlags {
  readonly html?: string;
  readonly junit?: string;
  readonly ktap?: string;
  readonly github: boolean;
}

/**
 * Before a long run: whether its reports can be written at all.
 * @throws LMP-920
 */
export const checkReportTargets = async (
  { cwd }: CliContext,
  { html, junit, ktap }: Omit<ReportFlags, 'github'>,
): Promise<void> => {
  for (const [flag, target] of Object.entries({ html, junit, ktap })) await checkWritable(`--${flag}`, cwd, target);
};

/**
 * Writes the reports that were asked for.
 * @param page asked for only when there is to be one
 * @param output where a person reads: annotations stand there
 * @throws LMP-920 a file cannot be written; LMP-921 the page was not built
 */
export const writeReports = async (
  { cwd }: CliContext,
  flags: ReportFlags,
  document: TestedDocument,
  page: () => PageData | Promise<PageData>,
  output: Output,
): Promise<void> => {
  const { html, junit, ktap, github } = flags;
  if (github) for (const line of githubLines(document)) output.write(`${line}\n`);
  if (junit !== undefined) await writeWhole('--junit', resolve(cwd, junit), junitText(document));
  if (ktap !== undefined) await writeWhole('--ktap', resolve(cwd, ktap), ktapText(document));
  if (html !== undefined) await writeWhole('--html', resolve(cwd, html), pageHtml(await page()));
};
