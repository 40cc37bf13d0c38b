// SPDX-License-Identifier: GPL-2.0-only
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { loadScenarios } from './load-scenarios.js';
import { ScenarioError } from './scenario-error.js';
import { toyDriver } from './testing/toy-driver.js';

let dir = '';
beforeEach(async () => {
  dir = await mkdtemp(join(tmpdir(), 'mpath-scenarios-'));
});
afterEach(() => rm(dir, { recursive: true }));

it('reads the scenarios of a folder by name and shows files as it is told', async () => {
  const loaded = await loadScenarios(toyDriver.scenarios, [toyDriver], {
    show: (path) => `x/${path.split('/').at(-1) ?? ''}`,
  });
  expect(loaded.map(({ scenario }) => scenario.file)).toEqual([
    'x/one-press.scenario.yaml',
    'x/racing-presses.scenario.yaml',
    'x/remembered.scenario.yaml',
    'x/return-first.scenario.yaml',
  ]);
});

it('tells the problems of all files together', async () => {
  await writeFile(join(dir, 'a.scenario.yaml'), 'driver: toy\n');
  await writeFile(join(dir, 'b #.scenario.yaml'), '[');
  await writeFile(join(dir, 'notes.yaml'), '[');
  const failing = loadScenarios(pathToFileURL(dir), [toyDriver]);
  await expect(failing).rejects.toSatisfy(
    (error) => error instanceof ScenarioError && error.format().includes('b #.scenario.yaml:1:'),
  );
});

it('says why a folder cannot be read', async () => {
  await expect(loadScenarios(pathToFileURL(join(dir, 'none/')), [toyDriver])).rejects.toMatchObject({
    code: 'LMP-416',
  });
});
