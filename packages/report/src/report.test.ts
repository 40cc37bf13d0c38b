// SPDX-License-Identifier: GPL-2.0-only
import type { KernelVerdict, ReportEvent, ScenarioVerdict, Verdict } from '@libmultipath/contract';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { documentJsonSchemas, formatDocument } from './document-schemas.js';
import { exitCode, worstExit } from './exit-code.js';
import { printable } from './printable.js';
import { verifyDocument } from './summary.js';
import { terminalView } from './terminal-view.js';

const row = (verdict: Verdict, more: Partial<ScenarioVerdict> = {}): ScenarioVerdict => ({
  name: `s-${verdict}`,
  driver: 'toy',
  model: '2.0',
  verdict,
  observations: 2,
  runs: 1,
  outcomes: [{ value: { total: 1 }, allowed: true, seen: 1 }],
  differences: [],
  ...more,
});
const kernel = (scenarios: readonly ScenarioVerdict[]): KernelVerdict => ({
  name: '2.0',
  release: '2.0.1',
  accelerator: 'tcg',
  qemu: '7.2',
  bootSeconds: 1.5,
  scenarios,
});
const printed = (events: readonly ReportEvent[], live = false, colour = false): string => {
  let text = '';
  const view = terminalView({ write: (more) => (text += more), live, colour, columns: 40, models: ['1.0', '2.0'] });
  for (const event of events) view.report(event);
  view.end();
  return text;
};

describe('the exit code', () => {
  it.each<[number, Verdict[]]>([
    [0, ['agree', 'unsupported']],
    [1, ['agree', 'diverge']],
    [1, ['agree', 'too-loose']],
    [3, ['diverge', 'kernel-fault', 'agree']],
    [2, ['error', 'kernel-fault', 'diverge']],
    [2, ['unsupported', 'unsupported']],
    [2, []],
  ])('is %i for %j', (code, verdicts) => {
    expect(exitCode(verifyDocument([kernel(verdicts.map((verdict) => row(verdict)))]))).toBe(code);
  });

  it('follows the precedence 70, 2, 3, 1, 4, 0', () => {
    expect(worstExit([0, 4, 1, 3, 2, 70])).toBe(70);
    expect(worstExit([0, 4, 1, 3, 2])).toBe(2);
    expect(worstExit([0, 4, 1, 3])).toBe(3);
    expect(worstExit([4, 1])).toBe(1);
    expect(worstExit([0, 4])).toBe(4);
    expect(worstExit([])).toBe(0);
  });

  it('of a diff asks for explanations and for something to compare', () => {
    const summary = { same: 1, differs: 1, unsupported: 0, error: 0, unexplained: 0 };
    const diff = (more: Partial<typeof summary>) =>
      exitCode({ schema: 'mpath.diff/1', a: 'a', b: 'b', scenarios: [], summary: { ...summary, ...more } });
    expect([
      diff({}),
      diff({ unexplained: 1 }),
      diff({ error: 1, unexplained: 1 }),
      diff({ same: 0, differs: 0 }),
    ]).toEqual([0, 1, 2, 2]);
  });
});

describe('lines', () => {
  const difference = {
    step: 'observe: total',
    observation: 'total',
    model: [1, 2],
    kernel: 3,
    file: 's.scenario.yaml',
    line: 7,
  };

  it('show stages, the banner, rows and what diverged', () => {
    expect(
      printed([
        { type: 'stage', title: 'boot 2.0' },
        { type: 'stage-done', title: 'boot 2.0', seconds: 1.23, detail: 'tcg' },
        { type: 'banner', kernel: '2.0', release: '2.0.1', accelerator: 'tcg', qemu: '7.2', bootSeconds: 1.2 },
        { type: 'scenario', kernel: '2.0', verdict: row('agree'), seconds: 0.25 },
        { type: 'scenario', kernel: '2.0', verdict: row('diverge', { differences: [difference] }), seconds: 0.25 },
        { type: 'scenario', kernel: '2.0', verdict: row('unsupported', { reason: 'needs memory' }), seconds: 0 },
      ]),
    ).toBe(`boot 2.0 …
boot 2.0: tcg (1.2 s)
Linux 2.0.1 (2.0; tcg, QEMU 7.2, booted in 1.2 s)
  agree        s-agree                          2 observations, 1 run, 0.3 s
  diverge      s-diverge                        2 observations, 1 run, 0.3 s
      s.scenario.yaml:7  observe: total
      observation  total
      kernel       3
      model allows 1
      or           2
  unsupported  s-unsupported
      needs memory
`);
  });

  it('are rewritten on a terminal, cut at its width, and taken away at the end', () => {
    const text = printed(
      [
        { type: 'stage', title: 'explore' },
        { type: 'progress', text: 'x'.repeat(100) },
      ],
      true,
    );
    expect(text).toBe(`\r\u001b[2Kexplore …\r\u001b[2Kexplore: ${'x'.repeat(30)}\r\u001b[2K`);
  });

  it('carry colour only where that is asked', () => {
    const events: ReportEvent[] = [{ type: 'scenario', kernel: '2.0', verdict: row('agree'), seconds: 1 }];
    expect(printed(events, false, true)).toContain('\u001b[32magree');
    expect(printed(events)).not.toContain('\u001b');
  });
});

it('nothing that a guest says moves the cursor, breaks a line or hides', () => {
  const harmless = /^[^\p{C}\p{Zl}\p{Zp}]*$/u;
  fc.assert(
    fc.property(fc.string({ unit: 'binary' }), (text) => {
      expect(printable(text)).toMatch(harmless);
      const difference = {
        step: text,
        observation: text,
        model: [text],
        kernel: { [text]: text },
        file: text,
        line: 1,
      };
      const lines = printed([
        { type: 'banner', kernel: text, release: text, accelerator: text, qemu: text, bootSeconds: 1 },
        {
          type: 'scenario',
          kernel: text,
          verdict: row('diverge', { name: text, reason: text, differences: [difference] }),
          seconds: 1,
        },
        { type: 'note', text },
      ]);
      for (const line of lines.split('\n')) expect(line).toMatch(harmless);
    }),
  );
});

describe('a document', () => {
  it('is checked against its schema and has one form', () => {
    const document = verifyDocument([kernel([row('agree', { reason: 'r', bound: 'b' })])]);
    expect(JSON.parse(formatDocument(document))).toEqual(document);
    expect(formatDocument(document)).toBe(formatDocument({ ...document }));
    const wrong = { ...document, kernels: [kernel([row('agree', { runs: -1 })])] };
    expect(() => formatDocument(wrong)).toThrow(/not of its schema/);
  });

  it('has a JSON Schema', () => {
    expect(documentJsonSchemas()['mpath.verify/1']).toMatchObject({
      type: 'object',
      required: ['schema', 'kernels', 'summary'],
    });
    expect(documentJsonSchemas()['mpath.diff/1']).toMatchObject({
      type: 'object',
      required: ['schema', 'a', 'b', 'scenarios', 'summary'],
    });
  });
});
