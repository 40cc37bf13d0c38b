// SPDX-License-Identifier: GPL-2.0-only
import { spawnSync } from 'node:child_process';
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { contractRules } from '@libmultipath/driver-kit';
import { blocksOf, commandsOf, patched, unprinted, type Block } from '../testing/guide.js';
import { buildMpath } from '../testing/mpath-process.js';
import { Stranger } from '../testing/stranger.js';

const MINUTES_5 = 300_000;

const page = await readFile(new URL('../../../../docs/write-a-driver.md', import.meta.url), 'utf8');
const blocks = blocksOf(page);

/** Another Node, where npm has one at hand; nothing is downloaded. */
const node24 = (): string | undefined => {
  const { status, stdout } = spawnSync(
    'npx',
    ['--offline', '--yes', '--package=node@24', '--', 'node', '--print', 'process.execPath'],
    { encoding: 'utf8', timeout: 20_000 },
  );
  return status === 0 ? stdout.trim().split('\n').at(-1) : undefined;
};

let stranger: Stranger | undefined;
const the = (): Stranger => {
  if (stranger === undefined) throw new Error('nobody has arrived');
  return stranger;
};
beforeAll(async () => {
  await buildMpath();
  stranger = await Stranger.arrive();
  await the().pack();
}, MINUTES_5);
afterAll(() => stranger?.leave());

describe('the guide, in an empty folder outside of the repository', () => {
  let cwd = '';

  const runConsole = async (block: Block): Promise<void> => {
    for (const { text, expected } of commandsOf(block)) {
      if (text.startsWith('cd ')) {
        cwd = join(cwd, text.slice(3));
        continue;
      }
      const { code, out, err } = await the().run('sh', ['-c', text], cwd);
      expect(unprinted(out, expected), `${text}\nprinted:\n${out}${err}`).toBeUndefined();
      expect(code, `${text}: ${out}${err}`).toBe(0);
    }
  };

  const runBlock = async (block: Block): Promise<void> => {
    const [first = '', ...rest] = block.lines;
    if (block.language === 'console') await runConsole(block);
    else if (block.language === 'ts') {
      // A file of this repository is named in the first line; without it the driver that was begun is meant.
      const ours = /^\/\/ (drivers\/.*\.ts)$/.exec(first)?.[1];
      const file = ours === undefined ? join(cwd, 'src/driver.ts') : new URL(`../../../../${ours}`, import.meta.url);
      expect(await readFile(file, 'utf8')).toContain((ours === undefined ? block.lines : rest).join('\n'));
    } else if (block.language === 'diff') {
      const file = join(cwd, first.replace(/^--- /, ''));
      await writeFile(file, patched(await readFile(file, 'utf8'), rest));
    } else throw new Error(`a block that nothing runs: ${block.language}, line ${String(block.at)}`);
  };

  it(
    'runs block by block: install, begin a driver, check, break a callback and be told which',
    async () => {
      cwd = the().dir;
      for (const block of blocks) await runBlock(block);
      expect(cwd).toBe(join(the().dir, 'acme'));
    },
    MINUTES_5,
  );

  it('begins with a driver of at most 80 lines, imports and all', async () => {
    const text = await readFile(new URL('../../../scaffold/templates/driver/src/driver.ts', import.meta.url), 'utf8');
    const code = text.split('\n').filter((line) => line.trim() !== '' && !/^\s*(\/\/|\/\*\*?|\*)/.test(line));
    expect(code.length).toBeLessThanOrEqual(80);
  });

  it('has every rule of the contract in its table', () => {
    for (const rule of Object.keys(contractRules)) expect(page).toContain(`| \`${rule}\` |`);
  });

  const other = node24();
  it.skipIf(other === undefined)(
    'goes the same way on Node 24',
    async () => {
      const bin = join(the().dir, 'node_modules/@libmultipath/cli/dist/bin.js');
      const dir = join(the().dir, 'second');
      const ran = await the().run(other ?? '', [bin, 'new', 'driver', 'second']);
      expect(ran).toMatchObject({ code: 0, err: '' });
      const checked = await the().run(other ?? '', [bin, 'check', 'path-blocked-and-back'], dir);
      expect(checked.out).toMatch(/^ {2}pass +\(contract\) /m);
      expect(checked.code).toBe(0);
    },
    MINUTES_5,
  );
});
