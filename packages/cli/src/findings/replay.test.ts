// SPDX-License-Identifier: GPL-2.0-only
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { encodeToken, explore, findingsOf } from '@libmultipath/checker';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { findConfig, loadConfig } from '../config.js';
import { selectScenarios } from '../selection.js';
import { buildMpath, runMpath } from '../testing/mpath-process.js';
import { resolveScenario, scenarioRef } from './scenario-ref.js';

const root = new URL('../../../../', import.meta.url).pathname;

/** The command as a user runs it: the schedule runs in a thread, which starts from what was built. */
const run = async (...args: string[]): Promise<{ exit: number | null; out: string; err: string }> => {
  const { code, out, err } = await runMpath(['replay', ...args], { cwd: root, timeoutMs: 60_000 });
  return { exit: code, out, err };
};

/** A scenario that has something to replay on a model: v3 waits for ever for its own openers. */
const SCENARIO = 'last-path-removed';
let directory: string;
let token: string;
let id: string;

beforeAll(async () => {
  await buildMpath();
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
}, 400_000);

afterAll(() => {
  rmSync(directory, { recursive: true });
});

describe('mpath replay', { timeout: 180_000 }, () => {
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
