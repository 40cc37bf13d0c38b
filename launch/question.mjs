// SPDX-License-Identifier: GPL-2.0-only
// @ts-check
import { readdirSync } from 'node:fs';
import { join } from 'node:path';

import { runSource } from './bench.mjs';
import { ensureBuilt } from './build.mjs';
import { LaunchFailure } from './failure.mjs';
import { ensureInstalled } from './install.mjs';
import { root } from './paths.mjs';
import { withSetupLock } from './setup-lock.mjs';

const folder = join('docs', 'questions');
const questionMs = 10 * 60_000;

/** A question has a page and a program of one name. */
const questions = () =>
  readdirSync(join(root, folder))
    .filter((file) => file.endsWith('.md') && file !== 'README.md')
    .map((file) => file.slice(0, -'.md'.length))
    .toSorted();

/**
 * `npm run question -- NAME`: the program behind a page of docs/questions.
 * @param {readonly string[]} args
 * @returns {Promise<number>}
 */
export const runQuestion = async ([name = '']) => {
  await withSetupLock(async () => {
    await ensureInstalled();
    await ensureBuilt();
  });
  const known = questions();
  if (known.includes(name)) return runSource(join(folder, `${name}.ts`), [], questionMs);
  throw new LaunchFailure(
    'LMP-956',
    `expected the name of a question, found ${name === '' ? 'none' : `'${name}'`}`,
    `there are: ${known.join(', ')}`,
  );
};
