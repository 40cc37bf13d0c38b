// SPDX-License-Identifier: GPL-2.0-only
import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join, normalize, relative } from 'node:path';
import { findingsTable, isFindingsMark } from './findings-index.js';
import { mapLinks, type MarkdownLink } from './markdown-links.js';
import { markdownHere, routeOf } from './sources.js';

/** Where sources can be looked at in a browser, e.g. a forge's page of this repository; without it they are named only. */
const SOURCES = process.env['LIBMULTIPATH_SOURCES'];

/** Folders that pages link to, and the page of the site that lists what is in them. */
const folderPages: Readonly<Record<string, string>> = {
  'docs/remedies': 'remedies/index.md',
  'docs/questions': 'questions/index.md',
  'docs/decisions': 'decisions/index.md',
  'packages/core/findings': 'findings/index.md',
  'drivers/nvme/findings': 'findings/index.md',
  'drivers/scsi/findings': 'findings/index.md',
  'drivers/virtio-blk/findings': 'findings/index.md',
};

/** A link as the site has it: pages by their place there, other files of the repository as what they are. */
const inSite = (path: string, pages: ReadonlySet<string>, { text, target }: MarkdownLink): string | undefined => {
  if (/^[a-z][a-z0-9+.-]*:/i.test(target) || target.startsWith('#')) return undefined;
  const [file = '', anchor] = target.split('#');
  const to = normalize(join(dirname(path), decodeURIComponent(file))).replace(/\/$/, '');
  const readme = `${to}/README.md`;
  const page = pages.has(to) ? routeOf(to) : pages.has(readme) ? routeOf(readme) : folderPages[to];
  if (page !== undefined) {
    const near = relative(dirname(routeOf(path)), page).replaceAll('\\', '/');
    return `[${text}](${near.startsWith('.') ? near : `./${near}`}${anchor === undefined ? '' : `#${anchor}`})`;
  }
  if (SOURCES !== undefined) return `[${text}](${SOURCES.replace(/\/$/, '')}/${to})`;
  return text.includes(to) ? text : `${text} (\`${to}\`)`;
};

/** Tables put in, and comments left out: they are notes to whoever edits. */
const prepared = (root: string, page: string): string =>
  page
    .split('\n')
    .map((line) => (isFindingsMark(line) ? findingsTable(root) : line))
    .filter((line) => !/^<!-- .* -->$/.test(line))
    .join('\n');

/** Folders that are lists of pages and have none of their own. */
const lists: readonly (readonly [folder: string, title: string, told: string])[] = [
  [
    'remedies',
    'Remedies',
    'Small changes of the library and of the drivers, each with a name, what it removes and what it costs.',
  ],
  ['decisions', 'Decisions', 'What was taken, what was not, and why.'],
];

const titleOf = (text: string): string => /^# (.*)$/m.exec(text)?.[1] ?? '';

/** Every page as the site has it, by its place there. */
export const sitePages = (root: string): ReadonlyMap<string, string> => {
  const sources = markdownHere();
  const known = new Set(sources.map(({ path }) => path));
  const pages = new Map(
    sources.map(({ path, text }) => [
      routeOf(path),
      mapLinks(prepared(root, text), (link) => inSite(path, known, link)),
    ]),
  );
  for (const [folder, title, told] of lists) {
    const entries = [...pages]
      .filter(([route]) => route.startsWith(`${folder}/`))
      .sort(([a], [b]) => (a < b ? -1 : 1))
      .map(([route, text]) => `- [${titleOf(text)}](./${route.slice(folder.length + 1)})`);
    pages.set(`${folder}/index.md`, `# ${title}\n\n${told}\n\n${entries.join('\n')}\n`);
  }
  return pages;
};

/**
 * Writes them.
 * @param into a folder of its own, below .cache: it is made anew
 * @returns how many
 */
export const stagePages = (root: string, into: string): number => {
  if (!into.startsWith(join(root, '.cache/'))) throw new Error(`${into} is not below .cache: nothing is removed there`);
  rmSync(into, { recursive: true, force: true });
  const pages = sitePages(root);
  for (const [route, text] of pages) {
    const file = join(into, route);
    mkdirSync(dirname(file), { recursive: true });
    writeFileSync(file, text);
  }
  return pages.size;
};
