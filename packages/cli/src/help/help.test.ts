// SPDX-License-Identifier: GPL-2.0-only
import { describe, expect, it } from 'vitest';
import { table } from './table.js';
import { commands } from './testing/commands.js';
import { printed } from './testing/printed.js';

/** The lines of a command line that succeeds. */
const linesOf = async (args: readonly string[], columns?: number): Promise<string[]> => {
  const { code, text } = await printed(args, columns);
  expect(code).toBe(0);
  return text.trimEnd().split('\n');
};

const all = commands();

describe.each(all)('the help of mpath $name', ({ words }) => {
  it('fits a screen of 24 lines of 80, and ends with an example of that command', async () => {
    const lines = await linesOf([...words, '--help']);
    expect(lines.length).toBeLessThanOrEqual(24);
    expect(lines.filter((line) => line.length > 80)).toEqual([]);
    expect(lines.at(-1)).toMatch(new RegExp(`^Example: (?:eval ")?.*\\bmpath ${words.join(' ')}\\b`));
    expect(lines.join('\n')).not.toContain('undefined');
  });

  it('has every option in --help-all', async () => {
    const few = await linesOf([...words, '--help']);
    const more = (await linesOf([...words, '--help-all'])).join('\n');
    const options = [...few.join('\n').matchAll(/--[a-z-]+/g)].map(([option]) => option);
    expect(options.filter((option) => !option.startsWith('--help') && !more.includes(option))).toEqual([]);
  });

  it('is broken into lines that fit a terminal of 20 columns, but for what is there to be copied', async () => {
    const lines = await linesOf([...words, '--help'], 20);
    const wide = lines.filter((line) => line.length > 20 && line.trim().includes(' '));
    expect(wide.filter((line) => !line.startsWith('Example: '))).toEqual([]);
  });
});

describe('a table', () => {
  it('has texts beside names, and below them where there is no room', () => {
    const rows = [
      ['one', 'first of all'],
      ['seven', 'after six'],
    ] as const;
    expect(table(rows, 80)).toEqual(['one    first of all', 'seven  after six']);
    expect(table(rows, 12)).toEqual(['one', '  first of', '  all', 'seven', '  after six']);
    expect(table([], 80)).toEqual([]);
  });
});
