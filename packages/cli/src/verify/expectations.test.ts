// SPDX-License-Identifier: GPL-2.0-only
import type { KernelVerdict, ScenarioVerdict, Verdict } from '@libmultipath/contract';
import { exitCode, formatDocument } from '@libmultipath/report';
import { describe, expect, it } from 'vitest';
import { Expectations } from './expectations.js';
import { Tally } from './tally.js';

const file = `
schema: mpath.expect/1
expected:
  - { kernel: '6.12', scenario: flaps, verdict: diverge, reason: reported upstream, until: 2027-01-31 }
`;
const on = (today: string, text = file): Expectations => Expectations.parse(text, 'expect.yaml', today);

const row = (verdict: Verdict, name = 'flaps'): ScenarioVerdict => ({
  name,
  driver: 'toy',
  model: '6.12',
  verdict,
  observations: 1,
  runs: 1,
  outcomes: [],
  differences: [],
});

const kernel = (name = '6.12'): Omit<KernelVerdict, 'scenarios'> => ({
  name,
  release: `${name}.0-1`,
  accelerator: 'tcg',
  qemu: '0',
  bootSeconds: 1,
});

const ran = (expectations: Expectations, verdict: Verdict, name?: string) => {
  const tally = new Tally(expectations);
  const id = tally.add(kernel(name));
  tally.row(id, row('agree', 'steady'));
  const marked = tally.row(id, row(verdict));
  const document = tally.document();
  formatDocument(document);
  return { marked, document, exit: exitCode(document) };
};

describe('an expected failure', () => {
  it('is excused up to and with its day, and not counted as one', () => {
    const { marked, document, exit } = ran(on('2027-01-31'), 'diverge');
    expect(marked.expected).toEqual({ reason: 'reported upstream', until: '2027-01-31' });
    expect(document.summary).toMatchObject({ agree: 1, diverge: 0, expected: 1 });
    expect(document.expectations).toMatchObject([{ scenario: 'flaps', state: 'met' }]);
    expect(exit).toBe(0);
  });

  it('counts in full from the day after, and its entry is said to be expired', () => {
    const { document, exit } = ran(on('2027-02-01'), 'diverge');
    expect(document.summary).toMatchObject({ diverge: 1, expected: 0 });
    expect(document.expectations).toMatchObject([{ state: 'expired' }]);
    expect(exit).toBe(1);
  });

  it('whose day is over fails the run also where nothing fails any more', () => {
    expect(ran(on('2027-02-01'), 'agree').exit).toBe(1);
  });

  it('that does not happen is gone, and fails the run until it is off the list', () => {
    const { document, exit } = ran(on('2026-06-01'), 'agree');
    expect(document.expectations).toMatchObject([{ state: 'gone' }]);
    expect(exit).toBe(1);
  });

  it('excuses no other verdict, and no other kernel', () => {
    expect(ran(on('2026-06-01'), 'kernel-fault').exit).toBe(3);
    expect(ran(on('2026-06-01'), 'diverge', '7.3').exit).toBe(1);
  });

  it('of a scenario that was not run, or not supported, is neither met nor gone', () => {
    expect(ran(on('2026-06-01'), 'not-run').document.expectations).toEqual([]);
    expect(ran(on('2026-06-01'), 'unsupported')).toMatchObject({ exit: 0 });
  });

  it('may name the exact release', () => {
    expect(ran(on('2026-06-01', file.replace("'6.12'", '6.12.0-1')), 'diverge').exit).toBe(0);
  });
});

describe('a list that is not understood says where and what it should be', () => {
  it.each([
    ['no YAML', 'a: [', /^LMP-915: expect.yaml: /],
    ['another schema', 'schema: mpath.expect/2\nexpected: []', /mpath\.expect\/1/],
    ['a day that is none', file.replace('2027-01-31', '2027-02-30'), /expected\[0\]\.until/],
    ['no reason', file.replace('reported upstream', "''"), /expected\[0\]\.reason/],
    ['agreement as a failure', file.replace('diverge', 'agree'), /expected\[0\]\.verdict/],
    ['two entries for one', file + file.slice(file.indexOf('  - ')), /found two/],
    ['nothing', '', /expected object/],
  ])('%s', (_what, text, says) => {
    let said = '';
    try {
      on('2026-01-01', text);
    } catch (error) {
      said = (error as { format(): string }).format(); // an LmpError
    }
    expect(said).toMatch(says);
    expect(said).toMatch(/\n {2}→ write it as `schema: mpath\.expect\/1`/);
  });

  it('a file that is not there', async () => {
    await expect(Expectations.read('/nowhere/expect.yaml', '2026-01-01')).rejects.toMatchObject({ code: 'LMP-915' });
  });
});
