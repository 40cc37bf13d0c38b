// SPDX-License-Identifier: GPL-2.0-only
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { loadConfig } from '../config.js';
import { shapeSteps } from './shape-steps.js';

type Steps = Readonly<Record<string, number>>;

/** Driver → revision → shape → steps; `npm run bench -- shape-steps` writes it anew. */
const committed = JSON.parse(readFileSync(new URL('shape-steps.json', import.meta.url), 'utf8')) as Readonly<
  Record<string, Readonly<Record<string, Steps>>>
>;

const config = await loadConfig(fileURLToPath(new URL('../../../../mpath.config.ts', import.meta.url)));

/** What is missing or smaller than it was. */
const shrunk = (before: Steps, now: Steps): string[] =>
  Object.entries(before).flatMap(([shape, steps]) => {
    const left = now[shape];
    if (left !== undefined && left >= steps) return [];
    return [
      `coverage shrank: ${shape} had ${String(steps)} steps and has ${left === undefined ? 'none' : String(left)}`,
    ];
  });

const cases = Object.entries(committed).flatMap(([driver, revisions]) =>
  Object.entries(revisions).map(([revision, steps]) => ({ driver, revision, steps })),
);

describe('the shapes of the battery', () => {
  it.each(cases)('are no smaller than they were under $driver on $revision', async ({ driver, revision, steps }) => {
    expect(shrunk(steps, await shapeSteps(config, driver, revision))).toEqual([]);
  });

  it('that became smaller are told by name', () => {
    expect(shrunk({ a: 5, b: 6, c: 7 }, { a: 5, b: 5 })).toEqual([
      'coverage shrank: b had 6 steps and has 5',
      'coverage shrank: c had 7 steps and has none',
    ]);
  });
});
