// SPDX-License-Identifier: GPL-2.0-only
import { readFile } from 'node:fs/promises';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { unlike } from './expected-output.js';
import { parseDocument } from './parse-document.js';
import { runStep } from './run-step.js';
import { ShellSession } from './shell-session.js';

const fence = '```';

describe('a document', () => {
  it('has steps in order, each with its heading and line', () => {
    const text = `# T\n${fence}console live\n$ a \\\n> b\nout\n${fence}\n## U\n${fence}yaml [x/y.yaml]\nk: v\n${fence}\n${fence}ts\nread\n${fence}\n`;
    expect(parseDocument(text)).toEqual([
      { kind: 'console', live: true, commands: [{ text: 'a \\\nb', expected: ['out'], at: 3 }], at: 2, heading: 'T' },
      { kind: 'file', path: 'x/y.yaml', lines: ['k: v'], at: 8, heading: 'U' },
    ]);
  });

  it.each([
    ['commands that nothing would run', `${fence}sh\nrm x\n${fence}\n`, /^line 1: commands stand in a console/],
    ['output before a command', `${fence}console\nout\n${fence}\n`, /^line 2: expected a command/],
    ['a block without an end', `x\n${fence}ts\n`, /^line 2: expected an end/],
  ])('is refused with %s', (_what, text, message) => {
    expect(() => parseDocument(text)).toThrow(message);
  });
});

describe('what was printed', () => {
  it.each([
    ['a\nb\n', ['a', 'b']],
    ['a\n1.5 s\n', ['a', '… s']],
    ['a\nx\ny\nb\n', ['a', '…', 'b']],
    ['a\nb\n', ['a', '…', 'b']],
    ['\na  \n\n', ['a', '']],
    ['', []],
  ])('%j is like %j', (printed, expected) => expect(unlike(printed, expected)).toBeUndefined());

  it.each([
    ['a\nb\n', ['a'], 'the end of the output'],
    ['a\n', ['a', 'b'], 'b'],
    ['ab\n', ['a'], 'a'],
    ['a.c\n', ['abc'], 'abc'],
    ['', ['…x'], '…x'],
  ])('%j is unlike %j, and the first line that is not there is named', (printed, expected, first) => {
    expect(unlike(printed, expected)).toMatch(`expected here: ${first}\nprinted:\n`);
  });
});

describe('a session', () => {
  let session: ShellSession;
  beforeEach(async () => {
    session = await ShellSession.open({ timeoutMs: 10_000 });
  });
  afterEach(() => session.close());
  const run = async (text: string): Promise<void> => {
    for (const step of parseDocument(text)) await runStep(step, session);
  };

  it('keeps its folder, has both streams in order, and codes where they are shown', async () => {
    await run(
      `${fence}console\n$ mkdir a && cd a\n$ echo 1; echo 2 >&2; echo 3\n1\n2\n3\n$ (exit 3)\n$ echo $?\n3\n${fence}\n` +
        `${fence}txt [f.txt]\none\ntwo\n${fence}\n${fence}diff [f.txt]\n-two\n+three\n${fence}\n${fence}txt [f.txt] excerpt\nthree\n${fence}\n`,
    );
    expect(session.cwd).toMatch(/\/folder\/a$/);
    expect(await readFile(session.path('f.txt'), 'utf8')).toBe('one\nthree\n');
  });

  it.each([
    ['a code that is not shown', `${fence}console\n$ (exit 3)\n${fence}\n`, /^line 2: \(exit 3\)\nended with 3/],
    ['other output', `${fence}console\n$ echo a\nb\n${fence}\n`, /^line 2: echo a\nexpected here: b\nprinted:\na\n/],
    ['another code', `${fence}console\n$ (exit 3)\n$ echo $?\n2\n${fence}\n`, /expected here: 2\nprinted:\n3\n/],
    [
      'an excerpt that is not there',
      `${fence}t [f]\na\n${fence}\n${fence}t [f] excerpt\nb\n${fence}\n`,
      /line 4: f has other/,
    ],
  ])('fails at %s', async (_what, text, message) => {
    await expect(run(text)).rejects.toThrow(message);
  });

  it('ends a command that does not end, and what it started', async () => {
    const short = await ShellSession.open({ timeoutMs: 300 });
    try {
      expect(await short.run('sleep 60 & sleep 60')).toMatchObject({ code: null });
    } finally {
      await short.close();
    }
  });
});
