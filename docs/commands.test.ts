// SPDX-License-Identifier: GPL-2.0-only
import { existsSync, readFileSync } from 'node:fs';
import { join, posix } from 'node:path';
import { describe, expect, it } from 'vitest';
import { parseDocument } from '@libmultipath/cli/documents/parse-document';
import { blocksOf } from '../packages/cli/src/testing/guide.js';
import { repository } from '../test/tree.js';
import { markdownHere } from './site/sources.js';
import { livePages, runPages } from './testing/run-pages.js';

const shells = new Set(['console', 'sh', 'bash', 'shell']);

/** Pages of users and contributors: what is known of a finding, and notes of a room, are no instructions. */
const isGuide = (path: string): boolean =>
  !/^docs\/(decisions|remedies)\//.test(path) && (path.startsWith('docs/') || /^[^/]+\.md$/.test(path));

const hasCommands = (text: string): boolean =>
  blocksOf(text).some(({ language }) => shells.has(language.split(' ')[0] ?? ''));

/** Commands that a test elsewhere runs, and which: page, and a text that the test has. */
const elsewhere: Readonly<Record<string, readonly [test: string, has: string]>> = {
  'docs/write-a-driver.md': ['packages/cli/src/scaffold/newcomer.test.ts', 'docs/write-a-driver.md'],
  'docs/questions/back-reference.md': ['docs/questions/questions.test.ts', '.md'],
  'docs/questions/one-object.md': ['docs/questions/questions.test.ts', '.md'],
  'docs/questions/reference-balance.md': ['docs/questions/questions.test.ts', '.md'],
  // These commands are the ones that run this test.
  'CONTRIBUTING.md': ['.ci/run', 'npm test'],
};

const fromRoot = (page: string): string => posix.normalize(`docs/${page}`);
const own = [...new Set([...runPages, ...livePages].map(fromRoot))];
const guides = markdownHere().filter(({ path, text }) => isGuide(path) && hasCommands(text));

it('no page shows a command that nothing runs', () => {
  const nobody = guides.map(({ path }) => path).filter((path) => !own.includes(path) && !(path in elsewhere));
  expect(nobody).toEqual([]);
});

it.each(Object.entries(elsewhere))('%s is run elsewhere', (page, [test, has]) => {
  expect(existsSync(join(repository, page))).toBe(true);
  expect(readFileSync(join(repository, test), 'utf8')).toContain(has);
});

describe.each(own)('%s', (page) => {
  const text = readFileSync(join(repository, page), 'utf8');

  it('is a document: commands stand where they are run', () => {
    expect(parseDocument(text).length).toBeGreaterThan(0);
  });

  it('has its live blocks run with machines', () => {
    const live = parseDocument(text).some((step) => step.kind === 'console' && step.live);
    expect(livePages.some((one) => fromRoot(one) === page)).toBe(live);
  });
});
