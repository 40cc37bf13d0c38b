// SPDX-License-Identifier: GPL-2.0-only
import type { CheckDocument, DiffDocument, ScenarioVerdict, VerifyDocument } from '@libmultipath/contract';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { githubLines } from './github.js';
import { junitText } from './junit.js';
import { ktapText } from './ktap.js';
import { parseKtap } from './ktap.test.kit.js';
import { testSuites } from './test-rows.js';
import { parseXml } from './xml.test.kit.js';

const row = (name: string, more: Partial<ScenarioVerdict>): ScenarioVerdict => ({
  name,
  driver: 'toy',
  model: '7.3',
  verdict: 'agree',
  observations: 3,
  runs: 1,
  outcomes: [],
  differences: [],
  ...more,
});

const verify = (...scenarios: readonly ScenarioVerdict[]): VerifyDocument => ({
  schema: 'mpath.verify/1',
  kernels: [{ name: '7.3', release: '7.3.4', accelerator: 'kvm', qemu: '7.2', bootSeconds: 2, scenarios }],
  summary: { agree: 0, diverge: 0, tooLoose: 0, fault: 0, unsupported: 0, error: 0, observations: 0 } as never,
});

const diverging = row('removed', {
  verdict: 'diverge',
  differences: [
    { step: 'observe: head', observation: 'head', model: ['a', 'b'], kernel: 'c', file: 'x.yaml', line: 7 },
  ],
});

const all = verify(
  row('fine', {}),
  diverging,
  row('panics', { verdict: 'kernel-fault', reason: 'Oops: 0000\nRIP: mpath_put_head' }),
  row('old', { verdict: 'unsupported', reason: 'needs delayed removal' }),
  row('broken', { verdict: 'error', reason: 'LMP-505: stopped' }),
  row('excused', { verdict: 'diverge', expected: { reason: 'reported', until: '2027-01-01' } }),
);

const finding = {
  id: 'UAF-3f9c2a',
  class: 'use-after-free' as const,
  object: 'mpath_head',
  functions: ['mpath_put_head'],
  sites: [],
  tasks: [],
  switches: 1,
  events: 2,
  message: 'KASAN: slab-use-after-free in mpath_put_head',
  replay: 'mpath1.x.00000000',
  known: false,
};
const stats = { executions: 1, steps: 1, replayedSteps: 0, states: 1, seconds: 1.25 };
const check: CheckDocument = {
  schema: 'mpath.check/1',
  revision: 'v3',
  complete: false,
  bound: 'complete',
  gone: ['HANG-000000'],
  scenarios: [
    { name: 'put', driver: 'toy', verdict: 'fail', bound: 'complete', findings: [finding], stats },
    { name: 'get', driver: 'toy', verdict: 'fail', bound: 'complete', findings: [{ ...finding, known: true }], stats },
    { name: 'long', driver: 'toy', verdict: 'incomplete', bound: 'stopped', findings: [], stats },
  ],
};
const diff: DiffDocument = {
  schema: 'mpath.diff/1',
  a: '7.3',
  b: 'v3',
  scenarios: [
    {
      name: 'open',
      driver: 'toy',
      verdict: 'differs',
      outcomesA: 1,
      outcomesB: 1,
      differences: [{ observation: 'errno', a: ['ENXIO'], b: ['EIO'], file: 'y.yaml', line: 3 }],
    },
  ],
  summary: { same: 0, differs: 1, unsupported: 0, error: 0, unexplained: 1 },
};

const withIncidents: VerifyDocument = {
  ...all,
  kernels: all.kernels.map((kernel) => ({
    ...kernel,
    incidents: [
      { kind: 'fault', scenario: 'panics', detail: 'Oops: <0000>\nRIP: x', again: true },
      { kind: 'silent', detail: 'LMP-704: "not" ready', again: false },
    ],
  })),
};

describe('machines that were lost', () => {
  it('are properties of the suite in JUnit', () => {
    const [suite] = parseXml(junitText(withIncidents)).children;
    const properties = suite?.children.find(({ tag }) => tag === 'properties');
    expect(properties?.children.map(({ attributes }) => attributes)).toEqual([
      { name: 'incident', value: 'panics: kernel fault (again when tried once more): Oops: <0000>' },
      { name: 'incident', value: 'boot: the machine stood still or was gone (not again): LMP-704: "not" ready' },
    ]);
    expect(junitText(all)).not.toContain('<properties>');
  });

  it('are diagnostics in KTAP, which change no result', () => {
    const text = ktapText(withIncidents);
    expect(text).toContain('  # incident: panics: kernel fault (again when tried once more): Oops: <0000>\n');
    expect(
      text
        .split('\n')
        .filter((line) => !line.includes('# incident:'))
        .join('\n'),
    ).toBe(ktapText(all));
  });
});

describe('KTAP', () => {
  it('has a test for each kernel and a subtest for each scenario, and fails with what failed', () => {
    const [kernel, ...more] = parseKtap(ktapText(all));
    expect(more).toEqual([]);
    expect(kernel).toMatchObject({ ok: false, name: '7.3 (7.3.4)' });
    expect(kernel?.inside.map(({ ok, name, directive }) => [ok, name, directive])).toEqual([
      [true, 'toy fine', undefined],
      [false, 'toy removed', undefined],
      [false, 'toy panics', undefined],
      [true, 'toy old', 'SKIP unsupported: needs delayed removal'],
      [false, 'toy broken', undefined],
      [true, 'toy excused', 'SKIP diverge, expected until 2027-01-01: reported'],
    ]);
    expect(kernel?.inside[1]?.diagnostics).toEqual([
      'diverge: head',
      'x.yaml:7: observe: head',
      'head: kernel "c"',
      'head: model allows "a"',
      'head: model allows "b"',
    ]);
  });

  it('takes a known finding for a pass, an unlisted or a lost one for a failure', () => {
    const [v3] = parseKtap(ktapText(check));
    expect(v3?.inside.map(({ ok, directive }) => [ok, directive])).toEqual([
      [false, undefined],
      [true, undefined],
      [true, 'SKIP incomplete: stopped'],
      [false, undefined],
    ]);
    expect(parseKtap(ktapText(diff))[0]?.inside[0]?.diagnostics).toContain('not explained');
  });
});

describe('JUnit', () => {
  it('counts, and has what went apart where the file says it', () => {
    const root = parseXml(junitText(all));
    expect(root).toMatchObject({
      tag: 'testsuites',
      attributes: { tests: '6', failures: '2', errors: '1', skipped: '2' },
    });
    const cases = root.children[0]?.children ?? [];
    expect(cases.map(({ children }) => children[0]?.tag)).toEqual([
      undefined,
      'failure',
      'failure',
      'skipped',
      'error',
      'skipped',
    ]);
    expect(cases[1]?.attributes).toMatchObject({
      classname: '7.3 (7.3.4)',
      name: 'toy removed',
      file: 'x.yaml',
      line: '7',
    });
    expect(cases[2]?.children[0]?.text).toBe('Oops: 0000\nRIP: mpath_put_head');
  });

  it('says which states a check knew again', () => {
    expect(junitText({ ...check, states: 'all' })).toContain('<property name="states" value="each state once: data');
    expect(ktapText({ ...check, states: 'all-forgetting' })).toContain('# states: each state once, by the rule of ');
    expect(junitText(check)).not.toContain('name="states"');
  });

  it('says how long a check took', () => {
    expect(parseXml(junitText(check)).children[0]?.children[0]?.attributes['time']).toBe('1.250');
  });
});

describe('GitHub annotations', () => {
  it('mark the line of the scenario file, in one line each', () => {
    expect(githubLines(verify(diverging))).toEqual([
      '::error file=x.yaml,line=7,title=toy removed on 7.3 (7.3.4)::diverge: head%0Ax.yaml:7: observe: head%0Ahead: kernel "c"%0Ahead: model allows "a"%0Ahead: model allows "b"',
    ]);
    expect(githubLines(verify(row('fine', {})))).toEqual([]);
  });

  it('are ten at most, and the last one counts the others', () => {
    const lines = githubLines(verify(...Array.from({ length: 25 }, () => diverging)));
    expect(lines).toHaveLength(10);
    expect(lines.at(-1)).toBe('::error title=mpath::and 16 more');
  });
});

/** What somebody would write who wants to break out. */
const hostile = fc.oneof(
  fc.string({ unit: 'binary' }),
  fc
    .array(
      fc.constantFrom(
        ']]>',
        '</failure>',
        '<!--',
        '&amp;',
        '"',
        "'",
        '\n',
        '\r\n',
        'ok 1 x',
        'not ok 9 # TODO',
        '# SKIP',
        '\\#',
        '\\',
        '::error::',
        '%0A::set-output',
        '\u001b[2J',
        '\u0000',
        '\u202e',
        '\ud800',
        '1..7',
        'KTAP version 1',
        '  ',
      ),
    )
    .map((parts) => parts.join('')),
);

const strange = fc.record({ name: hostile, observation: hostile, kernel: hostile, reason: hostile, file: hostile });

it('shows any text of a guest or a file as text in every format', () => {
  fc.assert(
    fc.property(strange, fc.boolean(), ({ name, observation, kernel, reason, file }, skip) => {
      const document = verify(
        row(name, {
          verdict: skip ? 'unsupported' : 'diverge',
          reason,
          differences: skip ? [] : [{ step: observation, observation, model: [], kernel, file, line: 1 }],
        }),
      );
      const [suite] = parseKtap(ktapText(document));
      expect(suite?.inside).toHaveLength(1);
      expect(suite?.inside[0]?.ok).toBe(skip);
      const [one, ...others] = parseXml(junitText(document)).children[0]?.children ?? [];
      expect(others).toEqual([]);
      expect(one?.children[0]?.tag).toBe(skip ? 'skipped' : 'failure');
      const annotations = githubLines(document);
      expect(annotations).toHaveLength(skip ? 0 : 1);
      // oxlint-disable-next-line no-control-regex -- what must not be there
      for (const line of annotations) expect(line).toMatch(/^::error [^\u0000-\u001f\u007f-\u009f]*$/u);
    }),
    { numRuns: 300 },
  );
});

it('gives every row of a document a place', () => {
  expect(testSuites(all).flatMap(({ rows }) => rows)).toHaveLength(6);
});
