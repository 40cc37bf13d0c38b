// SPDX-License-Identifier: GPL-2.0-only
import { explore } from '@libmultipath/checker';
import type { AnyDriver } from '@libmultipath/contract';
import { parseScenario, scenarioProgram } from '@libmultipath/scenario';
import { describe, expect, it } from 'vitest';
import { exampleDriver } from '../testing/example-driver.js';

// Whoever reads scenarios does not know a driver's types.
const driver: AnyDriver = exampleDriver();

const outcomes = (steps: readonly string[], topology = 'paths: [a, b]', model = 'fixed'): unknown[] => {
  const text = [
    'schema: mpath.scenario/1',
    'name: t',
    'title: T',
    'driver: example',
    `topology: { ${topology} }`,
    'steps:',
    ...steps.map((step) => `  - ${step}`),
  ].join('\n');
  const scenario = parseScenario(text, 't.scenario.yaml', [driver]);
  const profile = driver.models.find(({ name }) => name === model);
  if (profile === undefined) throw new Error('no such model');
  const program = scenarioProgram(scenario, driver, profile);
  const { outcomes: found } = explore(program, { maxPreemptions: 1 });
  return found.map(({ value }) => value);
};

describe('the words of a library driver', () => {
  it('add and remove paths: the head comes with the first and goes with the last', () => {
    expect(
      outcomes([
        'add-path: a',
        'add-path: b',
        'observe: head',
        'remove-path: a',
        'observe: { head: {}, as: one left }',
        'remove-path: b',
        'observe: { head: {}, as: none left }',
      ]),
    ).toEqual([
      {
        head: { present: true, sectors: 2048, paths: ['a', 'b'] },
        'one left': { present: true, sectors: 2048, paths: ['b'] },
        'none left': { present: false },
      },
    ]);
  });

  it('a read takes a path that is usable, waits without one, and fails without a head', () => {
    expect(
      outcomes([
        'add-path: a',
        'add-path: b',
        'block-path: a',
        'read: r1',
        'observe: { paths-of: r1 }',
        'block-path: b',
        'start-read: r2',
        'observe: { result-of: r2 }',
        'unblock-path: a',
        'await-read: r2',
        'observe: { paths-of: r2 }',
      ]),
    ).toEqual([{ 'paths-of r1': ['b'], 'result-of r2': 'pending', 'paths-of r2': ['a'] }]);
    expect(outcomes(['read: r1', 'observe: { result-of: r1 }'])).toEqual([{ 'result-of r1': 'ENOENT' }]);
  });

  it('round-robin alternates', () => {
    const reads = ['r1', 'r2', 'r3'];
    const steps = reads.flatMap((name) => [`read: ${name}`, `observe: { paths-of: ${name} }`]);
    expect(outcomes(['add-path: a', 'add-path: b', 'set-policy: round-robin', ...steps])).toEqual([
      { 'paths-of r1': ['a'], 'paths-of r2': ['b'], 'paths-of r3': ['a'] },
    ]);
  });

  it('delayed removal keeps the head until its time is over, and a path calls it off', () => {
    const begin = ['add-path: a', 'set-delayed-removal: 5', 'remove-path: a'];
    expect(outcomes([...begin, 'observe: head', 'await-removal', 'observe: { head: {}, as: later }'])).toContainEqual({
      head: { present: true, sectors: 2048, paths: [] },
      later: { present: false },
    });
  });
});

it('has no side in the guest, and says so with a number', () => {
  expect(() => driver.guest.lower({})).toThrow(expect.objectContaining({ code: 'LMP-608' }));
});
