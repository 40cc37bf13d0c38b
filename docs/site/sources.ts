// SPDX-License-Identifier: GPL-2.0-only
import { readTree, type SourceFile } from '../../test/tree.js';

/** Markdown that is no page of the site: what tests are made of, and templates for somebody else's package. */
const left = /^packages\/scaffold\/templates\/|\/testing\//;

/** Every Markdown text of the repository that a reader may come to, by its path. */
export const markdownHere = (): SourceFile[] =>
  readTree().filter(({ path }) => path.endsWith('.md') && !left.test(path));

/** Pages that stand in docs/ itself, or beside it, by what they are. */
const moved: Readonly<Record<string, string>> = {
  'docs/write-a-driver.md': 'how-to/write-a-driver.md',
  'docs/write-a-scenario.md': 'how-to/write-a-scenario.md',
  'docs/put-it-in-ci.md': 'how-to/put-it-in-ci.md',
  'docs/build-a-series.md': 'how-to/build-a-series.md',
  'docs/reports.md': 'reference/reports.md',
  'docs/like-for-like.md': 'reference/like-for-like.md',
  'docs/divergences.md': 'explanation/divergences.md',
  'docs/nvme-7.3-and-v3.md': 'explanation/nvme-7.3-and-v3.md',
  'docs/findings.md': 'findings/index.md',
  'README.md': 'readme.md',
  'CONTRIBUTING.md': 'contributing.md',
};

/** Where a Markdown file stands in the site. */
export const routeOf = (path: string): string => {
  const route = moved[path];
  if (route !== undefined) return route;
  const [, kind = '', room = '', page] = /^(packages|drivers)\/([^/]+)\/findings\/(.+)$/.exec(path) ?? [];
  if (page !== undefined) return `findings/${kind === 'packages' ? 'library' : room}/${page}`;
  const below = path.replace(/^docs\//, '').replace(/(^|\/)README\.md$/, '$1index.md');
  return path.startsWith('docs/') ? below : `rooms/${below}`;
};
