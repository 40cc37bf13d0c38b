// SPDX-License-Identifier: GPL-2.0-only
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { DefaultTheme } from 'vitepress';

type Item = DefaultTheme.SidebarItem;

const titleOf = (file: string): string =>
  (/^# (.*)$/m.exec(readFileSync(file, 'utf8'))?.[1] ?? file).replaceAll(/[`\\]/g, '');

/** Pages of a folder, those of `first` before the others. */
const pagesOf = (pages: string, folder: string, first: readonly string[] = []): Item[] => {
  const dir = join(pages, folder);
  if (!existsSync(dir)) return [];
  const names = readdirSync(dir)
    .filter((name) => name.endsWith('.md') && name !== 'index.md')
    .map((name) => name.slice(0, -'.md'.length))
    .sort();
  return [...first.filter((name) => names.includes(name)), ...names.filter((name) => !first.includes(name))].map(
    (name) => ({ text: titleOf(join(dir, `${name}.md`)), link: `/${folder}/${name}` }),
  );
};

/** A page that lists others, which have pages of their own: named there, not here. */
const list = (text: string, link: string): Item => ({ text, link });

const howTo = [
  'write-a-driver',
  'write-a-scenario',
  'check-your-own-kernel',
  'put-it-in-ci',
  'read-a-counterexample',
  'report-a-kernel-difference',
];

/** Beside every page: what there is, in the order in which it is met. */
export const sidebar = (pages: string): Item[] => [
  { text: 'Tutorial', items: pagesOf(pages, 'tutorial') },
  { text: 'How-to', items: pagesOf(pages, 'how-to', howTo) },
  {
    text: 'Reference',
    items: [
      ...pagesOf(pages, 'reference', ['cli', 'scenarios', 'template', 'finding-classes', 'errors', 'schemas']),
      ...(existsSync(join(pages, 'reference/api')) ? [list('API', '/reference/api/')] : []),
    ],
  },
  {
    text: 'Explanation',
    items: [
      ...pagesOf(pages, 'explanation', ['model-and-kernel', 'what-a-verdict-says', 'two-steps-of-trust', 'questions']),
      ...pagesOf(pages, 'questions'),
    ],
  },
  { text: 'What is known', items: [list('Findings', '/findings/'), list('Remedies', '/remedies/')] },
  {
    text: 'The project',
    items: [list('At a glance', '/readme'), list('Decisions', '/decisions/'), list('Contributing', '/contributing')],
  },
];
