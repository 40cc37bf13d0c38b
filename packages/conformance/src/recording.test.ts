// SPDX-License-Identifier: GPL-2.0-only
import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import type { Outcome, Recording } from '@libmultipath/contract';
import { parseScenario } from '@libmultipath/scenario';
import { toyDriver } from '@libmultipath/scenario/testing/toy-driver';
import fc from 'fast-check';
import { afterEach, beforeEach, expect, it } from 'vitest';
import {
  formatRecording,
  parseRecording,
  readRecording,
  recordedOutcomes,
  recordingUrl,
  withRecorded,
  writeRecording,
} from './recording.js';

let dir = '';
beforeEach(async () => {
  dir = await mkdtemp(join(tmpdir(), 'mpath-recordings-'));
});
afterEach(() => rm(dir, { recursive: true }));

const sample = withRecorded(undefined, '2.0', '2.0.1', new Map([['s', [{ total: 1 }, { total: 1 }, { total: 2 }]]]));

it('is written beside the scenarios and read back, with no draft left', async () => {
  const file = recordingUrl(pathToFileURL(dir), '2.0');
  expect(await readRecording(file)).toBeUndefined();
  await writeRecording(file, sample);
  expect(await readRecording(file)).toEqual(sample);
  expect(await readdir(join(dir, 'recordings'))).toEqual(['2.0.json']);
});

it('has one form, whatever the order in which things were seen', () => {
  const outcome = fc.dictionary(fc.string({ maxLength: 5 }), fc.oneof(fc.string(), fc.integer(), fc.boolean()), {
    maxKeys: 4,
  });
  const seen = fc.dictionary(
    fc.string({ minLength: 1, maxLength: 5 }),
    fc.array(outcome, { minLength: 1, maxLength: 5 }),
    { maxKeys: 4 },
  );
  fc.assert(
    fc.property(seen, (byName) => {
      const entries = Object.entries(byName);
      const turn = (one: Outcome): Outcome => Object.fromEntries(Object.entries(one).toReversed());
      const straight = withRecorded(undefined, 'k', 'r', new Map(entries));
      const turned = withRecorded(
        undefined,
        'k',
        'r',
        new Map(entries.toReversed().map(([name, list]) => [name, list.toReversed().map(turn)])),
      );
      expect(formatRecording(turned)).toBe(formatRecording(straight));
      expect(formatRecording(parseRecording(formatRecording(straight), 'x'))).toBe(formatRecording(straight));
    }),
  );
});

it('replaces what was seen of the same scenario and keeps the rest, of the same release only', () => {
  const more = withRecorded(sample, '2.0', '2.0.1', new Map([['a', [{ last: 'a' }]]]));
  expect(more.scenarios.map(({ name }) => name)).toEqual(['a', 's']);
  const again = withRecorded(more, '2.0', '2.0.1', new Map([['s', [{ total: 3 }]]]));
  expect(again.scenarios[1]).toEqual({ name: 's', outcomes: [{ value: { total: 3 }, seen: 1 }] });
  expect(withRecorded(more, '2.0', '2.0.2', new Map([['s', [{ total: 3 }]]])).scenarios).toHaveLength(1);
});

it.each([
  ['LMP-502', '{"schema":"mpath.recording/2"}'],
  ['LMP-503', '{'],
  ['LMP-503', '{"schema":"mpath.recording/1","kernel":"k","release":"r","scenarios":[{"name":"s","outcomes":[]}]}'],
  ['LMP-503', '[]'],
])('is refused with %s: %s', async (code, text) => {
  await writeFile(join(dir, 'x.json'), text);
  await expect(readRecording(pathToFileURL(join(dir, 'x.json')))).rejects.toMatchObject({ code });
});

it('keeps the earlier file whole when it cannot be written', async () => {
  await writeFile(join(dir, 'recordings'), 'in the way');
  await expect(writeRecording(recordingUrl(pathToFileURL(dir), 'k'), sample)).rejects.toMatchObject({
    code: 'LMP-501',
  });
  expect(await readFile(join(dir, 'recordings'), 'utf8')).toBe('in the way');
});

it('does not fit a scenario that observes other things', () => {
  const text =
    'schema: mpath.scenario/1\nname: s\ntitle: T\ndriver: toy\ntopology: { buttons: [a] }\nsteps: [{ observe: total }]\n';
  const scenario = parseScenario(text, 's.scenario.yaml', [toyDriver]);
  expect(recordedOutcomes(sample, scenario).map(({ seen }) => seen)).toEqual([2, 1]);
  const other: Recording = { ...sample, scenarios: [{ name: 's', outcomes: [{ value: { last: 'a' }, seen: 1 }] }] };
  expect(() => recordedOutcomes({ ...sample, scenarios: [] }, scenario)).toThrow(
    expect.objectContaining({ code: 'LMP-508' }),
  );
  expect(() => recordedOutcomes(other, scenario)).toThrow(expect.objectContaining({ code: 'LMP-504' }));
});
