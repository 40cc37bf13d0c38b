// SPDX-License-Identifier: GPL-2.0-only
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, it } from 'vitest';
import type { Tried } from './fate.js';
import { findSites } from './find-sites.js';
import { measuredText, read, readReadings, readReasons, writeReadings, writeReasons } from './reasons.js';

const folder = mkdtempSync(join(tmpdir(), 'mpath-reasons-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const [first, second] = findSites('one.ts', 'export const f = (a: number): number => a + 2;\n', { next: 0 }).sites;
if (first === undefined || second === undefined) throw new Error('expected two sites');
const measured = { evaluated: 6, differed: 4, scenarios: ['toy a', 'toy b', 'toy c', 'toy d'], searches: 2 };
const same: Tried = { site: first, fate: 'same', rows: 4, measured };
const survivor: Tried = { site: second, fate: 'survived', rows: 4, measured };

it('says what was measured of a mutant that goes the way of the model', () => {
  expect(measuredText(first, measured)).toBe(
    "another value in 4 of 6 evaluations, in toy a, toy b, toy c and 1 more; the steps that follow are the same, and 2 whole searches are the model's own step by step",
  );
  expect(measuredText(first, { ...measured, evaluated: 0 })).toMatch(/^never evaluated/);
});

it('keeps what was read, and counts as equivalent only what was read to be', () => {
  const [same_, survivors] = [join(folder, 'same.yaml'), join(folder, 'survivors.yaml')];
  const readings = new Map([[first.key, { equivalent: true, why: 'nobody looks' }]]);
  writeReadings(same_, [survivor, same], readings, new Map());
  writeReasons(survivors, [survivor, same], new Map([[second.key, 'not yet']]));
  expect(readReadings(same_)).toEqual(readings);
  expect(readReasons(survivors)).toEqual(new Map([[second.key, 'not yet']]));
  expect(readFileSync(same_, 'utf8')).toContain('measured:');
  expect(read(same, readings).fate).toBe('equivalent');
  expect(read(same, new Map([[first.key, { equivalent: false, why: '' }]])).fate).toBe('survived');
  expect(read(same, new Map()).fate).toBe('same');
  expect(read(survivor, readings).fate).toBe('survived');
});
