// SPDX-License-Identifier: GPL-2.0-only
import { isLmpError } from '@libmultipath/errors';
import { readdirSync, readFileSync } from 'node:fs';
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { stringify } from 'yaml';
import { parseScenario } from './parse-scenario.js';
import { toyDriver } from './testing/toy-driver.js';

const folder = new URL('./testing/scenarios/', import.meta.url);
const samples = readdirSync(folder).map((name) => readFileSync(new URL(name, folder), 'utf8'));

/** Whatever the text, only a numbered error of ours that is the file's fault comes out. */
const neverBreaks = (text: string): void => {
  try {
    parseScenario(text, 't.scenario.yaml', [toyDriver]);
  } catch (error) {
    if (!isLmpError(error)) throw error;
    expect(error.code).toMatch(/^LMP-4(0[1-9]|1[0-5])$/);
    expect(error.format()).toContain('t.scenario.yaml');
  }
};

const splice = (text: string, at: number, drop: number, put: string): string => {
  const start = at % (text.length + 1);
  return text.slice(0, start) + put + text.slice(start + drop);
};

const noise = fc.oneof(
  fc.string({ maxLength: 8 }),
  fc.constantFrom(
    '*x',
    '&x',
    '[',
    ']',
    '{',
    '}',
    ': ',
    '- ',
    '\n',
    '\t',
    '|',
    '!!js ',
    '$window',
    '? ',
    '__proto__: ',
    '<<: ',
    '---\n',
    '.nan',
    '0x10',
    '~',
  ),
);

it('refuses random text by number', () => {
  fc.assert(fc.property(fc.string({ unit: 'binary', maxLength: 200 }), neverBreaks), { numRuns: 500 });
});

it('refuses or reads mutated scenarios by number', () => {
  const edit = fc.tuple(fc.nat(), fc.nat({ max: 12 }), noise);
  fc.assert(
    fc.property(fc.constantFrom(...samples), fc.array(edit, { minLength: 1, maxLength: 4 }), (text, edits) => {
      neverBreaks(edits.reduce((now, [at, drop, put]) => splice(now, at, drop, put), text));
    }),
    { numRuns: 600 },
  );
});

it('refuses any JSON in the place of each part by number', () => {
  const base = {
    schema: 'mpath.scenario/1',
    name: 't',
    title: 'T',
    driver: 'toy',
    topology: { buttons: ['a'] },
    steps: ['return'],
  };
  const key = fc.constantFrom(
    'schema',
    'name',
    'title',
    'driver',
    'topology',
    'needs',
    'outcomes',
    'window',
    'demand',
    'steps',
  );
  fc.assert(
    fc.property(key, fc.jsonValue(), (part, value) => neverBreaks(stringify({ ...base, [part]: value }))),
    { numRuns: 400 },
  );
});

it('survives nesting without end', () => {
  for (const deep of ['['.repeat(100_000), '- '.repeat(50_000), `${'{a: '.repeat(2_000)}1${'}'.repeat(2_000)}`]) {
    expect(() => neverBreaks(deep)).not.toThrow();
  }
});

const button = fc.constantFrom('a', 'b');
const step = fc.oneof(
  button.map((name) => ({ raw: { press: name }, read: { kind: 'do', verb: 'press', args: name } })),
  fc
    .integer({ min: 1, max: 3_600 })
    .map((secs) => ({ raw: { arm: secs }, read: { kind: 'do', verb: 'arm', args: secs } })),
  fc.constant({ raw: 'return', read: { kind: 'do', verb: 'return', args: undefined } }),
  fc.tuple(button, fc.nat({ max: 1_000_000 })).map(([name, n]) => ({
    raw: { observe: { 'presses-of': name, as: `l${String(n)}` } },
    read: { kind: 'observe', observation: 'presses-of', args: name, label: `l${String(n)}` },
  })),
);

it('reads back what was written, in flow and in block style', () => {
  fc.assert(
    fc.property(
      fc.uniqueArray(step, {
        minLength: 1,
        maxLength: 20,
        selector: ({ read }) => ('label' in read ? read.label : Symbol('any')),
      }),
      fc.option(fc.integer({ min: 1, max: 64 }), { nil: undefined }),
      fc.boolean(),
      (entries, outcomes, flow) => {
        const file = {
          schema: 'mpath.scenario/1',
          name: 't',
          title: 'T',
          driver: 'toy',
          topology: { buttons: ['a', 'b'] },
          ...(outcomes === undefined ? {} : { outcomes }),
          steps: entries.map(({ raw }) => raw),
        };
        const text = flow ? JSON.stringify(file) : stringify(file);
        const scenario = parseScenario(text, 't.scenario.yaml', [toyDriver]);
        expect(scenario.maxOutcomes).toBe(outcomes ?? 1);
        expect(scenario.steps.map(({ line: _line, column: _column, ...rest }) => rest)).toEqual(
          entries.map(({ read }) => read),
        );
      },
    ),
  );
});
