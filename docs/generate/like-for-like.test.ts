// SPDX-License-Identifier: GPL-2.0-only
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { expect, it } from 'vitest';
import { likeForLike, rows } from './like-for-like.js';

const root = fileURLToPath(new URL('../..', import.meta.url));

it('finds the functions of every revision', () => {
  for (const revision of ['v1', 'v2', 'v3']) {
    expect(rows(root).filter((row) => row.revision === revision).length).toBeGreaterThan(30);
  }
});

it('has a row, with the mainline function or the reason why there is none, for every exported function', () => {
  const gaps = rows(root).filter(({ comment }) => comment?.mainline === undefined);
  expect(gaps.map(({ fn, revision }) => `${revision} ${fn}`)).toEqual([]);
});

it('is written to docs/like-for-like.md', () => {
  expect(readFileSync(new URL('../like-for-like.md', import.meta.url), 'utf8')).toBe(likeForLike(root));
});
