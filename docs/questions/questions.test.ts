// SPDX-License-Identifier: GPL-2.0-only
import { execFileSync } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { expect, it } from 'vitest';

const root = fileURLToPath(new URL('../..', import.meta.url));
const names = readdirSync(new URL('.', import.meta.url))
  .filter((file) => file.endsWith('.md') && file !== 'README.md')
  .map((file) => file.slice(0, -'.md'.length));

it('are three', () => {
  expect(names).toHaveLength(3);
});

it.each(names)('%s prints what its page shows', { timeout: 120_000 }, (name) => {
  const page = readFileSync(new URL(`${name}.md`, import.meta.url), 'utf8');
  expect(page).toContain(`npm run -s question -- ${name}\n`);
  expect(page).toContain('## Verdict');
  const [, shown] = /```text\n([\s\S]*?)```/.exec(page) ?? [];
  const program = fileURLToPath(new URL(`${name}.ts`, import.meta.url));
  const printed = execFileSync(process.execPath, ['--conditions=@libmultipath/source', '--import', 'tsx', program], {
    cwd: root,
    encoding: 'utf8',
  });
  expect(printed).toBe(shown);
});
