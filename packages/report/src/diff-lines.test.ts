// SPDX-License-Identifier: GPL-2.0-only
import { STUCK, type DiffRow, type DiffScenario } from '@libmultipath/contract';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { diffLines } from './diff-lines.js';
import { palette } from './palette.js';
import { terminalView } from './terminal-view.js';
import { wrap } from './wrap.js';

const row = (observation: string, more: Partial<DiffRow> = {}): DiffRow => ({
  observation,
  a: [1],
  b: [2],
  file: 's.scenario.yaml',
  line: 7,
  why: 'no memory',
  ...more,
});
const scenario = (differences: readonly DiffRow[]): DiffScenario => ({
  name: 's',
  driver: 'toy',
  verdict: 'differs',
  outcomesA: 1,
  outcomesB: 1,
  differences,
});
const lines = (differences: readonly DiffRow[], columns?: number): string =>
  diffLines(scenario(differences), {
    models: ['1.0', '2.0'],
    colours: palette(false),
    ...(columns === undefined ? {} : { columns }),
  }).join('\n');

describe('the differences of two models', () => {
  it('show both sides and why, or that nobody explained it', () => {
    expect(lines([row('last', { a: [null], b: ['a', 'b'] }), { ...unexplained('total'), a: [], line: 8 }])).toBe(
      `  differs      s
      s.scenario.yaml:7  last
        1.0    null
        2.0    "a" | "b"
        because no memory
      s.scenario.yaml:8  total
        1.0    (nothing)
        2.0    2
        not explained`,
    );
  });

  it('have one explanation for rows that follow each other, and again after another came between', () => {
    const text = lines([row('a'), row('b'), row('c', { why: 'other' }), row('d'), unexplained('e'), unexplained('f')]);
    expect(text.split('\n').filter((line) => !/^ {8}\d/.test(line))).toEqual([
      '  differs      s',
      '      s.scenario.yaml:7  a',
      '      s.scenario.yaml:7  b',
      '        because no memory',
      '      s.scenario.yaml:7  c',
      '        because other',
      '      s.scenario.yaml:7  d',
      '        because no memory',
      '      s.scenario.yaml:7  e',
      '      s.scenario.yaml:7  f',
      '        none of these is explained',
    ]);
  });

  it('begin with the side that is stuck, and fold what it did not come to', () => {
    const stuck = row(STUCK, { a: [], b: ['6: detach'], line: 6 });
    expect(lines([row('before'), row('x', { b: [] }), row('y', { b: [] }), stuck])).toBe(
      `  differs      s
      s.scenario.yaml:6  (stuck)
        1.0    (nothing)
        2.0    "6: detach"
        … and 2 observations after it
        because no memory
      s.scenario.yaml:7  before
        1.0    1
        2.0    2
        because no memory`,
    );
  });

  it('fold nothing that the other side lacks, that has another reason, or none', () => {
    const stuck = row(STUCK, { a: ['6: detach'], b: [] });
    const text = lines([row('x', { b: [] }), row('y', { a: [], why: 'other' }), { ...unexplained('z'), a: [] }, stuck]);
    expect(text).not.toContain('after it');
    for (const name of ['  x', '  y', '  z']) expect(text).toContain(`s.scenario.yaml:7${name}\n`);
  });

  it('are not folded where both sides are stuck somewhere', () => {
    const text = lines([row('x', { b: [] }), row(STUCK, { a: ['5: a'], b: ['6: b'] })]);
    expect(text).toContain('  x\n');
    expect(text).not.toContain('after it');
  });

  it('are explained within the width: that of the terminal, or 100 columns', () => {
    const differences = [row('a', { why: 'word '.repeat(60) })];
    const longest = (text: string): number => Math.max(...text.split('\n').map(({ length }) => length));
    expect(longest(lines(differences))).toBe(100);
    expect(longest(lines(differences, 60))).toBe(60);
    let printed = '';
    const view = terminalView({ write: (text) => (printed += text), live: false, colour: false, columns: 70 });
    view.report({ type: 'diff', scenario: scenario(differences) });
    expect(longest(printed)).toBe(70);
  });
});

it('wrapping keeps all words in order, and no line is longer than it has to be', () => {
  fc.assert(
    fc.property(
      fc.array(fc.stringMatching(/^[a-z]{1,30}$/), { minLength: 1 }),
      fc.integer({ min: 1, max: 60 }),
      (words, columns) => {
        const found = wrap(words.join(' '), '> ', columns);
        expect(found.map((line) => line.slice(2)).join(' ')).toBe(words.join(' '));
        for (const line of found) expect(line.length <= columns || !line.slice(2).includes(' ')).toBe(true);
      },
    ),
  );
});

function unexplained(observation: string): DiffRow {
  const { why: _, ...rest } = row(observation);
  return rest;
}
