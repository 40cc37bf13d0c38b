// SPDX-License-Identifier: GPL-2.0-only
import { describe, expect, it } from 'vitest';
import { blocksOf, commandsOf, patched, unprinted } from './guide.js';

describe('a page', () => {
  it('has fenced blocks, each with its language and its line', () => {
    expect(blocksOf('a\n```ts\nx\ny\n```\n```console\n$ z\n```\n')).toEqual([
      { language: 'ts', lines: ['x', 'y'], at: 2 },
      { language: 'console', lines: ['$ z'], at: 6 },
    ]);
  });

  it('has commands with what they print, in that order; … is anything', () => {
    const [block] = blocksOf('```console\n$ one\nfirst … line\nsecond\n$ two\n```\n');
    const commands = block === undefined ? [] : commandsOf(block);
    expect(commands.map(({ text }) => text)).toEqual(['one', 'two']);
    const expected = commands[0]?.expected ?? [];
    expect(unprinted('x\nthe first and last line\nsecond\n', expected)).toBeUndefined();
    expect(unprinted('second\nfirst line\n', expected)).toEqual(expected[0]);
    expect(unprinted('first a line\n', expected)).toEqual(expected[1]);
  });
});

describe('a diff block', () => {
  it('replaces what stands in the file once, hunk by hunk', () => {
    expect(patched('a\nb\nc\nd\n', [' a', '-b', '+B', '@@', '-d', '+D', '+E'])).toBe('a\nB\nc\nD\nE\n');
  });

  it.each([
    ['nowhere', 'c\n'],
    ['twice', 'b\nb\n'],
  ])('is refused where its lines stand %s', (_what, text) => {
    expect(() => patched(text, ['-b'])).toThrow(/once/);
  });
});
