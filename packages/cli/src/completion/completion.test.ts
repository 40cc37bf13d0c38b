// SPDX-License-Identifier: GPL-2.0-only
import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { beforeAll, describe, expect, it } from 'vitest';
import { scripts } from './scripts.js';

const root = fileURLToPath(new URL('../../../../', import.meta.url));
const bin = fileURLToPath(new URL('../../dist/bin.js', import.meta.url));

const mpath = (...args: string[]) => {
  const { stdout, stderr, status } = spawnSync(process.execPath, [bin, ...args], { cwd: root, encoding: 'utf8' });
  return { stdout, stderr, status };
};

/** What TAB after the words offers in a real bash. */
const tab = (...words: string[]): string[] => {
  const script = [
    'mpath() { "$NODE" "$BIN" "$@"; }',
    'eval "$(mpath completion bash)"',
    'COMP_WORDS=(mpath "$@"); COMP_CWORD=$#',
    `_mpath; printf '%s\\n' "\${COMPREPLY[@]}"`,
  ].join('\n');
  const { stdout, stderr } = spawnSync('bash', ['-c', script, 'bash', ...words], {
    cwd: root,
    encoding: 'utf8',
    env: { ...process.env, NODE: process.execPath, BIN: bin },
  });
  expect(stderr).toBe('');
  return stdout.trim().split('\n');
};

beforeAll(() => {
  spawnSync(process.execPath, [`${root}node_modules/typescript/bin/tsc`, '-b', 'packages/cli'], { cwd: root });
}, 250_000);

describe('completion in bash', { timeout: 120_000 }, () => {
  it('offers commands, options, and the scenarios and drivers of the configuration', () => {
    expect(tab('che')).toEqual(['check']);
    expect(tab('check', '--rem')).toEqual(['--remedy']);
    expect(tab('check', '--driver', 'nv')).toEqual(['nvme']);
    expect(tab('verify', 'round-robin')).toContain('round-robin-alternates');
  });
});

describe('mpath completion', { timeout: 120_000 }, () => {
  it('prints a script of every shell, whose first lines say where it goes', () => {
    for (const [shell, text] of Object.entries(scripts)) {
      const ran = mpath('completion', shell);
      expect(ran).toMatchObject({ status: 0, stdout: text });
      expect(text).toMatch(/^(#compdef mpath\n)?# \w+ completion of mpath; put `.*` into /);
    }
  });
  it('knows no other shell', () => {
    const ran = mpath('completion', 'bahs');
    expect(ran.status).toBe(2);
    expect(ran.stderr).toMatch(/^LMP-909: completion: expected bash, zsh, fish, found bahs\n {2}→ did you mean bash/);
  });
});

describe('a command line that is not understood', () => {
  it.each([
    [['verify', '--runs', '0'], 'runs: expected a whole number from 1 to 10000, found 0'],
    [['chek'], 'there is no command chek\n  → did you mean `check`?'],
    [['check', '--stepz', '3'], 'there is no option --stepz\n  → did you mean --steps?'],
    [['explain'], 'expected a code, found nothing'],
    [['explain', 'a', 'b'], 'expected no further argument, found b'],
    [['verify', '--runs'], 'expected a value after --runs'],
    [['check', '-q'], 'there is no option -q'],
  ])('%j says so under its number, and what to do', (args, message) => {
    const ran = mpath(...args);
    expect(ran).toMatchObject({ status: 2, stdout: '' });
    expect(ran.stderr).toContain(`LMP-909: ${message}`);
    expect(ran.stderr).toMatch(/\n {2}→ \S/);
  });
});
