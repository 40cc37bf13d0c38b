// SPDX-License-Identifier: GPL-2.0-only
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { encodeToken, explore, findingsOf } from '@libmultipath/checker';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { mpath } from '../application.js';
import { findConfig, loadConfig } from '../config.js';
import type { CliContext } from '../context.js';
import { selectScenarios } from '../selection.js';
import { resolveScenario, scenarioRef } from './scenario-ref.js';

const root = new URL('../../../../', import.meta.url).pathname;

/** Runs the command in this process. */
const run = async (...args: string[]): Promise<{ exit: number; out: string; err: string }> => {
  let [out, err] = ['', ''];
  const stdout = { write: (text: string) => void (out += text) };
  const stderr = { write: (text: string) => void (err += text) };
  const clock = { now: () => 0, today: () => '2026-01-01' };
  const context: CliContext = { process: { stdout, stderr }, cwd: root, env: {}, ...clock, exit: 0 };
  const exit = await mpath(['replay', ...args], context);
  return { exit, out, err };
};

/** A scenario that has something to replay on a model: v3 waits for ever for its own openers. */
const SCENARIO = 'last-path-removed';
let directory: string;
let token: string;
let id: string;

beforeAll(async () => {
  directory = mkdtempSync(join(tmpdir(), 'replay-'));
  const config = await loadConfig(findConfig(root));
  const [chosen] = await selectScenarios(config, [SCENARIO], undefined);
  const profile = chosen?.driver.models.find(({ name }) => name === 'v3');
  if (chosen === undefined || profile === undefined) throw new Error(`no ${SCENARIO} on v3`);
  const ref = scenarioRef(chosen, profile);
  const program = resolveScenario([chosen])(ref);
  if (program === undefined) throw new Error('the scenario does not resolve to itself');
  const [finding] = findingsOf(program, explore(program, { maxExecutions: 2_000 }), { ref, maxShrinkSteps: 1 });
  if (finding === undefined) throw new Error('nothing was found');
  ({ replay: token, id } = finding);
}, 120_000);

afterAll(() => {
  rmSync(directory, { recursive: true });
});

describe('mpath replay', () => {
  it('prints the finding and ends with 1 when it shows', async () => {
    const { exit, out, err } = await run(token);
    expect([exit, err]).toEqual([1, '']);
    expect(out).toContain('INFO: task scenario blocked for more than 120 seconds.');
    expect(out).toContain(`\n${id}\n`);
    expect(out.trimEnd().endsWith(`mpath replay ${token}`)).toBe(true);
  });

  it('writes a mail, and reads the token out of that mail again', async () => {
    const mail = await run('--mail', token);
    expect(mail.out).toMatch(/^Subject: \[BUG v3\] hang in mpath_head_uninit\(\)\n/);
    const file = join(directory, 'mail.txt');
    writeFileSync(file, mail.out);
    expect(await run('--mail', file)).toEqual(mail);
  });

  it.each([
    ['no token and no file', 'no-such-file', 'LMP-912'],
    ['a damaged token', 'mpath1.abc.00000000', 'LMP-320'],
    [
      'a program that is not here',
      encodeToken({ program: 'none', revision: 'v3', args: null, finding: 'x', choices: [], steps: 0, digest: '' }),
      'LMP-322',
    ],
  ])('refuses %s with a number', async (_what, argument, code) => {
    const { exit, out, err } = await run(argument);
    expect([exit, out]).toEqual([2, '']);
    expect(err.startsWith(code)).toBe(true);
  });

  it('refuses a file without a token', async () => {
    const file = join(directory, 'empty.txt');
    writeFileSync(file, 'nothing of the kind\n');
    expect(await run(file)).toMatchObject({
      exit: 2,
      err: expect.stringMatching(/^LMP-912: .*expected a replay token in the file/),
    });
  });
});
