// SPDX-License-Identifier: GPL-2.0-only
import { readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { checkSchema } from '@libmultipath/report';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { buildMpath, runMpath, startMpath } from '../testing/mpath-process.js';
import { toyLibrary } from '../testing/toy-library.js';

let dir = '';
let id = '';
let token = '';
const timeoutMs = 60_000;

/** What a busy machine adds to the second or two that the command takes to end. */
const SOON_MS = 6_000;

/** The library as before, but with the remedy that mends the crash, and on fixed, the callback loops without a step. */
beforeAll(async () => {
  await buildMpath();
  dir = await toyLibrary();
  const file = join(dir, 'mpath.config.ts');
  await writeFile(file, (await readFile(file, 'utf8')).replace('*crash() {}', '*crash() { for (;;); }'));
  const { out } = await runMpath(['check', '--revision', 'v3', 'crashes', '--json', '-'], { cwd: dir, timeoutMs });
  const [finding] = checkSchema.parse(JSON.parse(out)).scenarios.flatMap(({ findings }) => findings);
  ({ id = '', replay: token = '' } = finding ?? {});
}, 300_000);
afterAll(() => rm(dir, { recursive: true, force: true }));

describe('a callback that never yields again', { timeout: 120_000 }, () => {
  it.each([
    ['an id', () => id],
    ['a token', () => token],
  ])('ends a repair by %s with the function and the task', async (_what, argument) => {
    const { code, out, err } = await runMpath(['repair', argument(), 'crashes'], { cwd: dir, timeoutMs });
    expect({ code, out }).toEqual({ code: 70, out: '' });
    expect(err).toMatch(
      /^LMP-341: repair-work\.js: repairWork.*: crash.* went on for 10000 ms without a step, in task /m,
    );
  });

  it('ends a replay in the same way', async () => {
    const file = join(dir, 'mpath.config.ts');
    const before = await readFile(file, 'utf8');
    // On v3 too, since the token was made.
    await writeFile(
      file,
      before
        .replace('return mended ?', 'return kind(name) ?')
        .replace('const on =', `const kind = (name) => name !== '1.0';\nconst on =`),
    );
    const { code, out, err } = await runMpath(['replay', token], { cwd: dir, timeoutMs });
    await writeFile(file, before);
    expect({ code, out }).toEqual({ code: 70, out: '' });
    expect(err).toMatch(
      /^LMP-341: replay-work\.js: replayWork.*: crash.* went on for 10000 ms without a step, in task /m,
    );
  });

  it.each([
    ['repair', 'SIGINT', 130, () => ['repair', id, 'crashes'], /trying what mends/],
    ['repair of a token', 'SIGTERM', 143, () => ['repair', token, 'crashes'], /trying what mends/],
    ['check', 'SIGTERM', 143, () => ['check', '--revision', 'fixed', 'crashes'], /exploring/],
  ] as const)('leaves %s to %s (%i) within a second or two', async (_what, signal, exit, args, begun) => {
    const run = startMpath(args(), { cwd: dir, timeoutMs });
    await run.wrote(begun);
    // By then it is in the loop, or still on its way there: both must do.
    await new Promise((resolve) => setTimeout(resolve, 2_000));
    run.kill(signal);
    const since = performance.now();
    const { code, err } = await run.ended;
    expect({ code, err }).toEqual({ code: exit, err: expect.stringContaining(`stopped by ${signal}\n`) });
    expect(performance.now() - since).toBeLessThan(SOON_MS);
  });
});
