// SPDX-License-Identifier: GPL-2.0-only
import { spawn, spawnSync } from 'node:child_process';
import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { buildMpath, runMpath, startMpath } from './testing/mpath-process.js';
import { ran, type Ran } from './testing/ran.js';
import { toyLibrary } from './testing/toy-library.js';

const bin = fileURLToPath(new URL('../dist/bin.js', import.meta.url));
const MINUTES_2 = 120_000;

let dir = '';
beforeAll(async () => {
  await buildMpath();
  dir = await toyLibrary();
}, 300_000);
afterAll(() => rm(dir, { recursive: true, force: true }));

const quoted = (words: readonly string[]): string => words.map((word) => `'${word}'`).join(' ');

/** On a terminal of that many columns; `script` brings one. What was printed has the terminal's line ends. */
const inTerminal = (
  args: readonly string[],
  columns: number,
  env: Readonly<Record<string, string>> = {},
): Promise<Ran> => {
  const command = `stty cols ${String(columns)} rows 24; exec ${quoted([process.execPath, bin, ...args])}`;
  const { CI: _ci, NO_COLOR: _noColor, ...others } = process.env;
  const child = spawn('script', ['-qec', command, '/dev/null'], {
    cwd: dir,
    env: { ...others, TERM: 'xterm', ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
    timeout: 60_000,
    killSignal: 'SIGKILL',
  });
  return ran(child);
};

const hasTerminal = spawnSync('script', ['--version']).status === 0;
/** What begins a control sequence. */
const ESC = '\u001b';
const escapes = new RegExp(String.raw`${ESC}\[[0-9;]*[A-Za-z]`, 'g');

describe.runIf(hasTerminal)('on a terminal', () => {
  it.each<[string, string[], number]>([
    ['help', ['check', '--help'], 0],
    ['a list', ['scenarios'], 0],
    ['drivers', ['drivers'], 0],
    ['a driver', ['drivers', 'toy'], 0],
    ['an explanation', ['explain', 'LMP-909'], 0],
    ['a difference', ['diff', '1.0', 'v3', 'remembered'], 1],
    ['a finding', ['check', '--revision', 'v3', 'crashes'], 1],
    ['an error', ['check', '--stepz', '3'], 2],
  ])('of 20 columns %s is printed, and nothing throws', async (_what, args, code) => {
    const ran = await inTerminal(args, 20);
    expect(ran).toMatchObject({ code });
    expect(ran.out).not.toMatch(/LMP-900|^ {4}at /m);
    expect(ran.out.length).toBeGreaterThan(20);
  });

  it('of 20 columns a finding stays within them, but for the command that is there to be copied', async () => {
    const { out } = await inTerminal(['check', '--revision', 'v3', 'crashes'], 20);
    const lines = out.replaceAll(escapes, '').split('\r\n');
    const report = lines.slice(
      lines.findIndex((line) => line.startsWith('BUG: ')),
      lines.findIndex((line) => line.startsWith('replay with')),
    );
    expect(report.length).toBeGreaterThan(5);
    expect(report.filter((line) => Array.from(line).length > 20)).toEqual([]);
  });

  it('has colour, and none where NO_COLOR is set or the terminal is dumb', async () => {
    const args = ['check', '--revision', 'v3', 'crashes'];
    const colour = new RegExp(String.raw`${ESC}\[\d+m`);
    expect((await inTerminal(args, 80)).out).toMatch(colour);
    expect((await inTerminal(args, 80, { NO_COLOR: '1' })).out).not.toMatch(colour);
    expect((await inTerminal(args, 80, { TERM: 'dumb' })).out).not.toMatch(colour);
  });

  it('says in one line, rewritten, how far a long command is; none of it is left at the end', async () => {
    const { out } = await inTerminal(['diff', '1.0', 'v3'], 80);
    expect(out).toMatch(new RegExp(String.raw`\r${ESC}\[2K\S+ on 1\.0 and v3: 2 of \d+`));
    expect(out.trimEnd()).toMatch(/\d+ same, \d+ differs[^\r\n]*$/);
  });
});

describe('without a terminal', () => {
  it('lines are plain: nothing is rewritten, nothing coloured', async () => {
    const { out, err } = await runMpath(['diff', '1.0', 'v3'], { cwd: dir });
    expect(out + err).not.toContain(ESC);
    expect(out).not.toContain('\r');
  });
});

describe('a reader that ends first', () => {
  const piped = (command: string) =>
    spawnSync('bash', ['-c', `${command}; echo "codes \${PIPESTATUS[*]}"`], {
      cwd: dir,
      encoding: 'utf8',
      timeout: 60_000,
    });
  const mpath = quoted([process.execPath, bin]);

  it.each([
    ['scenarios', 0],
    ['drivers toy', 0],
    ['check --help', 0],
    ['diff 1.0 v3 remembered', 1],
    ['check --revision v3 crashes', 1],
  ])('of `mpath %s` is no fault: no trace, and the code of what was found', (args, code) => {
    const { stdout, stderr } = piped(`${mpath} ${args} | true`);
    expect(stdout).toBe(`codes ${String(code)} 0\n`);
    expect(stderr).not.toMatch(/EPIPE|^ {4}at /m);
  });

  it('does not keep a report from being written', async () => {
    piped(`${mpath} check --revision v3 crashes --json early.json --html early.html | true`);
    expect(JSON.parse(await readFile(join(dir, 'early.json'), 'utf8'))).toMatchObject({ schema: 'mpath.check/1' });
    expect(await readFile(join(dir, 'early.html'), 'utf8')).toMatch(/<\/html>/);
  });
});

describe('a full disk', () => {
  it.each([['scenarios'], ['check --revision v3 crashes'], ['diff 1.0 v3 --json -'], ['--help']])(
    'under `mpath %s` is an error with a number, and 2',
    (args) => {
      const command = `${quoted([process.execPath, bin])} ${args} > /dev/full`;
      const { status, stderr } = spawnSync('bash', ['-c', command], { cwd: dir, encoding: 'utf8', timeout: 60_000 });
      expect(status).toBe(2);
      expect(stderr).toMatch(/^LMP-919: standard output: .*ENOSPC/m);
      expect(stderr).not.toMatch(/^ {4}at /m);
    },
  );

  it(
    'leaves the report that was there, and no half of one, of any kind',
    async () => {
      // A file of a small system would do the same; a limit of the shell needs no right to make one.
      const place = await mkdtemp(join(tmpdir(), 'mpath-full-'));
      try {
        for (const flag of ['json', 'html', 'junit', 'ktap']) {
          const file = join(place, `report.${flag}`);
          await writeFile(file, 'before');
          const command = `trap '' XFSZ; ulimit -f 0; exec ${quoted([process.execPath, bin, 'check', '--revision', 'v3', 'crashes', `--${flag}`, file])}`;
          const { status, stderr } = spawnSync('bash', ['-c', command], {
            cwd: dir,
            encoding: 'utf8',
            timeout: 60_000,
          });
          expect([flag, status]).toEqual([flag, 2]);
          expect(stderr).toMatch(flag === 'json' ? /^LMP-907: --json /m : new RegExp(`^LMP-920: --${flag} `, 'm'));
          expect(await readFile(file, 'utf8')).toBe('before');
        }
        expect(await readdir(place)).toHaveLength(4);
      } finally {
        await rm(place, { recursive: true });
      }
    },
    MINUTES_2,
  );
});

describe('the exit code', () => {
  const code = async (...args: string[]): Promise<number | null> => (await runMpath(args, { cwd: dir })).code;

  it.each<[number, string, string[]]>([
    [0, 'nothing unexpected', ['check', '--revision', 'v3', 'one-press']],
    [1, 'a finding', ['check', '--revision', 'v3', 'crashes']],
    [2, 'a wrong option', ['check', '--revision', 'v9']],
    [2, 'no such command', ['chek']],
    [4, 'stopped before complete', ['check', '--revision', 'v3', 'racing-presses', '--steps', '1']],
  ])('is %i: %s', async (expected, _why, args) => {
    expect(await code(...args)).toBe(expected);
  });

  it('is 70 where a driver throws what nobody expects', async () => {
    const other = await mkdtemp(join(tmpdir(), 'mpath-fault-'));
    try {
      await writeFile(join(other, 'package.json'), '{ "type": "module" }');
      const text = await readFile(join(dir, 'mpath.config.ts'), 'utf8');
      const thrower = '{ ...toyProfile("1.0", false), get title() { throw new TypeError("no title"); } }';
      await writeFile(
        join(other, 'mpath.config.ts'),
        text.replace("toyProfile('1.0', false)", () => thrower),
      );
      expect(await runMpath(['drivers', 'toy'], { cwd: other })).toMatchObject({
        code: 70,
        out: '',
        err: expect.stringMatching(/^LMP-900: TypeError: no title[^]*please report it/),
      });
    } finally {
      await rm(other, { recursive: true });
    }
  });

  it.each([
    ['SIGINT', 130],
    ['SIGTERM', 143],
    ['SIGHUP', 129],
  ] as const)('is 128 and the number of %s, after the report', async (signal, expected) => {
    const running = startMpath(['check', '--revision', 'v3', 'racing-presses', '--sample', '100000000'], { cwd: dir });
    await running.wrote(/exploring/);
    running.kill(signal);
    const { code: ended, out } = await running.ended;
    expect(ended).toBe(expected);
    expect(out).toMatch(/^v3: /m);
  });
});
