// SPDX-License-Identifier: GPL-2.0-only
// @ts-check
import { existsSync } from 'node:fs';
import { argv } from 'node:process';
import { pathToFileURL } from 'node:url';

import { readJson } from './paths.mjs';
import { summaryFile } from './test-run.mjs';

/**
 * What CI prints last: the test command has just named what failed. A test command that ended badly without saying what failed still failed.
 * @param {{ passed: number, failed: number } | undefined} summary
 * @param {number} code of the test command
 * @returns {{ lines: string[], exit: number }}
 */
export const closing = (summary, code) => {
  const passed = summary?.passed ?? 0;
  const counted = summary?.failed ?? 0;
  const silent = counted === 0 && (code !== 0 || summary === undefined);
  const failed = silent ? 1 : counted;
  const why = silent ? [`the test command ended with exit code ${code}, and its summary names no failure`] : [];
  return { lines: [...why, `${passed} passed, ${failed} failed`], exit: failed > 0 || passed === 0 ? 1 : 0 };
};

if (import.meta.url === pathToFileURL(argv[1] ?? '').href) {
  const summary = /** @type {Parameters<typeof closing>[0]} */ (
    existsSync(summaryFile) ? readJson(summaryFile) : undefined
  );
  const { lines, exit } = closing(summary, Number(argv[2] ?? 1));
  process.stdout.write(`${lines.join('\n')}\n`);
  process.exitCode = exit;
}
