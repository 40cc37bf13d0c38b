// SPDX-License-Identifier: GPL-2.0-only
import { existsSync, readFileSync, statSync } from 'node:fs';
import { dirname, join, normalize } from 'node:path';
import { describe, expect, it } from 'vitest';
import { repository } from '../test/tree.js';
import { anchorOf, anchorsOf, linksOf, mapLinks } from './site/markdown-links.js';
import { markdownHere, routeOf } from './site/sources.js';

const pages = markdownHere();

/** What is wrong with a link of a page; undefined: nothing, or it leads out of the repository. */
const wrong = (path: string, text: string, target: string): string | undefined => {
  if (/^[a-z][a-z0-9+.-]*:/i.test(target)) return /^(https|mailto):/.test(target) ? undefined : 'not by https';
  const [file = '', anchor] = target.split('#');
  const to = file === '' ? path : normalize(join(dirname(path), decodeURIComponent(file)));
  const there = join(repository, to);
  if (to.startsWith('..') || !existsSync(there)) return 'leads nowhere';
  if (anchor === undefined) return undefined;
  if (statSync(there).isDirectory() || !to.endsWith('.md')) return 'an anchor in what has none';
  return anchorsOf(to === path ? text : readFileSync(there, 'utf8')).has(anchor) ? undefined : 'no such heading';
};

it('reads every Markdown page: the documentation, the rooms, the findings', () => {
  expect(pages.length).toBeGreaterThan(150);
  for (const path of ['README.md', 'docs/tutorial/first-finding.md', 'packages/core/README.md']) {
    expect(pages.map((page) => page.path)).toContain(path);
  }
});

it('every relative link leads to a file, and every anchor to a heading', () => {
  const broken = pages.flatMap(({ path, text }) =>
    linksOf(text).flatMap(({ target, at }) => {
      const why = wrong(path, text, target);
      return why === undefined ? [] : [`${path}:${String(at)}: ${target}: ${why}`];
    }),
  );
  expect(broken).toEqual([]);
});

it('every page has a place of its own in the site', () => {
  const routes = pages.map(({ path }) => routeOf(path).toLowerCase());
  expect(routes.filter((route, index) => routes.indexOf(route) !== index)).toEqual([]);
});

describe('links', () => {
  it('are found outside of code, around code, several in a line, and over two lines', () => {
    const page = 'a [b](c.md) [`d[0]`](e.md#f) `[g](h)`\n```\n[i](j)\n```\n[k [l]](m.md)\n\nx [n\no](p)';
    expect(linksOf(page)).toEqual([
      { text: 'b', target: 'c.md', at: 1 },
      { text: '`d[0]`', target: 'e.md#f', at: 1 },
      { text: 'k [l]', target: 'm.md', at: 5 },
      { text: 'n\no', target: 'p', at: 7 },
    ]);
  });

  it('are changed in place, and nothing else is', () => {
    const text = 'x `y` [b](c) `[b](c)`\n```sh\n[b](c)\n```\n';
    expect(mapLinks(text, ({ text: words, target }) => `<${words}|${target}>`)).toBe(text.replace('[b](c)', '<b|c>'));
  });

  it.each([
    ['The `x_y()` of 6.1, and 7.2: why?', 'the-x_y-of-61-and-72-why'],
    ['[A page](a.md)', 'a-page'],
  ])('%s has the anchor %s', (heading, anchor) => expect(anchorOf(heading)).toBe(anchor));

  it('that lead nowhere are seen', () => {
    expect(wrong('README.md', '# A\n', 'docs/nothing.md')).toBe('leads nowhere');
    expect(wrong('README.md', '# A\n', '#b')).toBe('no such heading');
    expect(wrong('README.md', '# A\n', '#a')).toBeUndefined();
    expect(wrong('README.md', '# A\n', '../x')).toBe('leads nowhere');
  });
});
