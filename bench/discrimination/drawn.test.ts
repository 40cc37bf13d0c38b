// SPDX-License-Identifier: GPL-2.0-only
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, it } from 'vitest';
import { readDrawn, sitesOf, writeDrawn } from './drawn.js';
import { findSites } from './find-sites.js';
import { stratified } from './sampling.js';

const folder = mkdtempSync(join(tmpdir(), 'mpath-drawn-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const text = 'export const one = (a: number): number => (a > 3 ? a + 0 : 0);\n';
const sitesIn = (source: string) => findSites('one.ts', source, { next: 0 }).sites;

it('has a key for each site, also where the same stands twice', () => {
  const keys = sitesIn(text).map(({ key }) => key);
  expect(new Set(keys).size).toBe(keys.length);
  expect(keys.filter((key) => key.includes('| number-changed | 0 | 1'))).toHaveLength(2);
});

it('a draw that was written is drawn again, whatever was added, and filled up by chance', () => {
  const file = join(folder, 'drawn.txt');
  const drawn = stratified(sitesIn(text), 3, 1);
  writeDrawn(file, drawn);
  const grown = sitesIn(`export const before = (b: number): boolean => b !== 9;\n${text}`);
  const kept = sitesOf(readDrawn(file), grown);
  expect(kept.map(({ key }) => key)).toEqual(drawn.map(({ key }) => key));
  const again = stratified(grown, 5, 1, () => false, kept);
  expect(again.slice(0, 3)).toEqual(kept);
  expect(again).toHaveLength(5);
});
