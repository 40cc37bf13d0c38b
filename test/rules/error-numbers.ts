// SPDX-License-Identifier: GPL-2.0-only
import { hundredOf, roomOf } from '../rooms.mjs';
import { isTest, type Rule, type Violation } from '../tree.js';

const catalogue = /^(.+)\/src\/errors\.ts$/;
const declaration = /^\s*['"](LMP-\d+)['"]\s*:/;
const launcherNumber = /LMP-95\d/g;

/** A number is declared once, in the `errors.ts` of its package, within its owner's hundred. */
export const errorNumbers: Rule = (files) => {
  const violations: Violation[] = [];
  const declared = new Map<string, string>();
  for (const { path, text } of files.filter((file) => catalogue.test(file.path))) {
    for (const [index, line] of text.split('\n').entries()) {
      const code = declaration.exec(line)?.[1];
      if (code === undefined) continue;
      const where = `${path}:${index + 1}`;
      const first = declared.get(code);
      if (first !== undefined) violations.push({ where, message: `${code} is declared in ${first} already` });
      declared.set(code, where);
      const hundred = hundredOf[roomOf(path) ?? ''];
      if (!/^LMP-\d{3}$/.test(code) || Number(code.slice(4, 5)) !== hundred) {
        violations.push({ where, message: `${code} is not in its owner's hundred (docs/decisions/0003)` });
      }
    }
  }
  return [...violations, ...launcherNumbers(files, declared)];
};

/** The launcher runs before anything is installed, so the command declares its numbers for it. */
const launcherNumbers = (files: Parameters<Rule>[0], declared: ReadonlyMap<string, string>): Violation[] =>
  files
    .filter(({ path }) => path.startsWith('launch/') && !isTest(path))
    .flatMap(({ path, text }) =>
      [...new Set([...text.matchAll(launcherNumber)].map(([code]) => code))]
        .filter((code) => !declared.has(code))
        .map((code) => ({ where: path, message: `${code} is not declared in packages/cli/src/errors.ts` })),
    );
