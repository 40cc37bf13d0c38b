// SPDX-License-Identifier: GPL-2.0-only
import { describe, expect, it } from 'vitest';
import { parseScenario } from './parse-scenario.js';
import { ScenarioError } from './scenario-error.js';
import { toyDriver } from './testing/toy-driver.js';

const head = `schema: mpath.scenario/1
name: t
title: T
driver: toy
topology: { buttons: [a, b] }
`;

const problemsOf = (text: string, file = 'dir/t.scenario.yaml'): string[] => {
  try {
    parseScenario(text, file, [toyDriver]);
  } catch (error) {
    if (!(error instanceof ScenarioError)) throw error;
    return error.problems.map((problem) => problem.format());
  }
  return [];
};
const steps = (...lines: string[]): string => `${head}steps:\n${lines.map((line) => `  - ${line}\n`).join('')}`;

describe('a scenario that is right', () => {
  it('becomes frozen data with places, labels and parsed arguments', () => {
    const text = `${head}outcomes: 2\nneeds: [memory]\nsteps:\n  - press: [a, b]\n  - observe: [last, { presses-of: a }]\n  - observe: { last: , as: again }\n`;
    const scenario = parseScenario(text, 'dir/t.scenario.yaml', [toyDriver]);
    expect(scenario).toEqual({
      name: 't',
      title: 'T',
      driver: 'toy',
      file: 'dir/t.scenario.yaml',
      needs: ['memory'],
      topology: { buttons: ['a', 'b'] },
      maxOutcomes: 2,
      windowSecs: undefined,
      demand: undefined,
      steps: [
        { kind: 'do', verb: 'press', args: ['a', 'b'], line: 9, column: 5 },
        { kind: 'observe', observation: 'last', args: undefined, label: 'last', line: 10, column: 15 },
        { kind: 'observe', observation: 'presses-of', args: 'a', label: 'presses-of a', line: 10, column: 35 },
        { kind: 'observe', observation: 'last', args: undefined, label: 'again', line: 11, column: 22 },
      ],
    });
    expect(Object.isFrozen(scenario)).toBe(true);
    expect(Object.isFrozen(scenario.steps[0])).toBe(true);
  });

  it('gives $window the seconds of `window`, scaled where that is asked', () => {
    const text = `${steps('arm: $window', 'observe: order')}window: 3\ndemand: { order: [expired] }\n`;
    const args = (scale?: number) =>
      parseScenario(text, 't.scenario.yaml', [toyDriver], scale === undefined ? {} : { windowScale: scale }).steps[0];
    expect(args()).toMatchObject({ args: 3 });
    expect(args(4)).toMatchObject({ args: 12 });
  });

  it('has late timers where the file says so, and says what else may stand there', () => {
    const text = (timers: string): string => `${steps('return')}timers: ${timers}\n`;
    expect(parseScenario(text('late'), 't.scenario.yaml', [toyDriver]).lateTimers).toBe(true);
    expect(() => parseScenario(text('early'), 't.scenario.yaml', [toyDriver])).toThrow('late');
  });

  it('takes a word without argument bare or with nothing after the colon', () => {
    const scenario = parseScenario(steps('return', 'return:'), 't.scenario.yaml', [toyDriver]);
    expect(scenario.steps.map((step) => step.kind === 'do' && step.verb)).toEqual(['return', 'return']);
  });
});

describe('a scenario that is wrong', () => {
  it.each([
    [
      'an unknown key',
      `${steps('press: a')}ned: []\n`,
      'LMP-402: dir/t.scenario.yaml:8:1: unknown key `ned`\n  → did you mean `needs`?',
    ],
    [
      'a wrong type',
      `${steps('press: a')}outcomes: many\n`,
      'LMP-403: dir/t.scenario.yaml:8:11: `outcomes`: expected a number, found "many"',
    ],
    [
      'an unknown verb',
      steps('pres: a'),
      'LMP-405: dir/t.scenario.yaml:7:5: unknown step `pres` of driver toy\n  → did you mean `press`, `await-press` or `start-press`?',
    ],
    [
      'an observation as a verb',
      steps('total'),
      'LMP-405: dir/t.scenario.yaml:7:5: unknown step `total` of driver toy\n  → write `observe: total`',
    ],
    [
      'an unknown observation',
      steps('observe: totl'),
      'LMP-406: dir/t.scenario.yaml:7:14: unknown observation `totl` of driver toy\n  → did you mean `total`?',
    ],
    [
      'an undeclared reference',
      steps('press: [a, c]'),
      'LMP-408: dir/t.scenario.yaml:7:16: unknown button `c`\n  → did you mean `a` or `b`?',
    ],
    [
      'a reference to a later name',
      steps('await-press: p', 'start-press: { as: p, button: a }'),
      'LMP-408: dir/t.scenario.yaml:7:18: unknown press `p`\n  → there is none here',
    ],
    [
      'a name bound twice',
      steps('start-press: { as: p, button: a }', 'start-press: { as: p, button: b }'),
      'LMP-415: dir/t.scenario.yaml:8:24: the press `p` is bound already\n  → take a name that is new',
    ],
    [
      'a label used twice',
      steps('observe: total', 'observe: total'),
      'LMP-409: dir/t.scenario.yaml:8:14: two observations of the label `total`\n  → give this one a label: `observe: { total: …, as: LABEL }`',
    ],
    [
      'a wrong argument key',
      steps('start-press: { as: p, buton: a }'),
      'LMP-402: dir/t.scenario.yaml:7:27: unknown key `buton`\n  → did you mean `button`?',
    ],
    [
      'a wrong item of a list',
      steps('press: [a, B]'),
      'LMP-403: dir/t.scenario.yaml:7:16: `1`: a label is lower case, found "B"',
    ],
    [
      'neither form of an argument',
      steps('press: 5'),
      'LMP-403: dir/t.scenario.yaml:7:12: expected text or a list, found 5',
    ],
    [
      'no argument where one is due',
      steps('arm'),
      'LMP-403: dir/t.scenario.yaml:7:5: expected an argument, found none\n  → as in `arm: 4`',
    ],
    [
      '$window without window',
      steps('arm: $window'),
      'LMP-412: dir/t.scenario.yaml:7:10: expected a key `window` for `$window`, found none\n  → add `window: SECONDS`',
    ],
    [
      'two verbs in one entry',
      steps('{ press: a, return: }'),
      'LMP-413: dir/t.scenario.yaml:7:5: expected one step, found `press` or `return`\n  → begin each step with a dash of its own: `- VERB: ARGUMENT`',
    ],
    [
      'an unknown feature',
      `${steps('return')}needs: [memroy]\n`,
      'LMP-411: dir/t.scenario.yaml:8:9: unknown feature `memroy`\n  → did you mean `memory`?',
    ],
    [
      'a demand for what is not observed',
      `${steps('observe: order')}demand: { ordr: [] }\n`,
      'LMP-414: dir/t.scenario.yaml:8:11: no observation has the label `ordr`\n  → did you mean `order`?',
    ],
    [
      'an alias',
      steps('press: &x a', 'press: *x'),
      'LMP-401: dir/t.scenario.yaml:8:12: expected a value, found an alias (`*name`)\n  → write the scenario as one plain YAML document',
    ],
    [
      'a repeated key',
      `${steps('return')}name: t\n`,
      'LMP-401: dir/t.scenario.yaml:8:1: Map keys must be unique\n  → write the scenario as one plain YAML document',
    ],
  ])('%s is told with its place', (_what, text, message) => {
    expect(problemsOf(text)).toContain(message);
  });

  it('tells everything at once, in order of place', () => {
    const found = problemsOf('schema: mpath.scenario/2\nname: T\ndriver: toi\nwindow: x\n');
    expect(found.map((one) => one.split(' ').slice(0, 2).join(' '))).toEqual([
      'LMP-404: dir/t.scenario.yaml:1:1:',
      'LMP-404: dir/t.scenario.yaml:1:1:',
      'LMP-404: dir/t.scenario.yaml:1:1:',
      'LMP-403: dir/t.scenario.yaml:1:9:',
      'LMP-403: dir/t.scenario.yaml:2:7:',
      'LMP-407: dir/t.scenario.yaml:3:9:',
      'LMP-403: dir/t.scenario.yaml:4:9:',
    ]);
  });

  it('is named like its file', () => {
    expect(problemsOf(steps('return'), 'other.scenario.yaml')[0]).toContain(
      'expected the file to be t.scenario.yaml, found other.scenario.yaml',
    );
  });

  it('does not complain of names when the topology that declares them is wrong', () => {
    const found = problemsOf(steps('press: a').replace('buttons', 'button'));
    expect(found.filter((one) => one.startsWith('LMP-408'))).toEqual([]);
    expect(found.length).toBeGreaterThan(0);
  });
});
