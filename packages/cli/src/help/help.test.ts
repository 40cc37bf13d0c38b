// SPDX-License-Identifier: GPL-2.0-only
import { describe, expect, it } from 'vitest';
import { mpath } from '../application.js';
import type { CliContext } from '../context.js';
import { table } from './table.js';
import { commands } from './testing/commands.js';

/** What a command line prints, without a process of its own. */
const printed = async (args: readonly string[], columns?: number): Promise<string[]> => {
  let text = '';
  const stdout = { write: (part: string) => void (text += part), ...(columns === undefined ? {} : { columns }) };
  const context: CliContext = {
    process: { stdout, stderr: stdout },
    cwd: '/nowhere',
    env: {},
    now: () => 0,
    today: () => '2026-01-01',
    exit: 0,
  };
  expect(await mpath(args, context)).toBe(0);
  return text.trimEnd().split('\n');
};

const all = commands();

describe.each(all)('the help of mpath $name', ({ words }) => {
  it('fits a screen of 24 lines of 80, and ends with an example of that command', async () => {
    const lines = await printed([...words, '--help']);
    expect(lines.length).toBeLessThanOrEqual(24);
    expect(lines.filter((line) => line.length > 80)).toEqual([]);
    expect(lines.at(-1)).toMatch(new RegExp(`^Example: (?:eval ")?.*\\bmpath ${words.join(' ')}\\b`));
    expect(lines.join('\n')).not.toContain('undefined');
  });

  it('has every option in --help-all', async () => {
    const few = await printed([...words, '--help']);
    const more = (await printed([...words, '--help-all'])).join('\n');
    const options = [...few.join('\n').matchAll(/--[a-z-]+/g)].map(([option]) => option);
    expect(options.filter((option) => !option.startsWith('--help') && !more.includes(option))).toEqual([]);
  });

  it('is broken into lines that fit a terminal of 20 columns, but for what is there to be copied', async () => {
    const lines = await printed([...words, '--help'], 20);
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
