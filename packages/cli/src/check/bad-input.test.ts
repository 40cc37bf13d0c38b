// SPDX-License-Identifier: GPL-2.0-only
import { readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { buildMpath, runMpath, startMpath } from '../testing/mpath-process.js';
import type { Ran } from '../testing/ran.js';
import { toyLibrary } from '../testing/toy-library.js';

let dir = '';
const timeoutMs = 60_000;
const mpath = (...args: string[]): Promise<Ran> => runMpath(args, { cwd: dir, timeoutMs });

const scenario = (name: string, steps: string): Promise<void> =>
  writeFile(
    join(dir, `scenarios/${name}.scenario.yaml`),
    `schema: mpath.scenario/1\nname: ${name}\ntitle: T\ndriver: toy\ntopology: { buttons: [a, b, c, d] }\nsteps: [${steps}]\n`,
  );

const PRESS = '{ press: [a, b, c, d] }';

beforeAll(async () => {
  await buildMpath();
  dir = await toyLibrary();
  await scenario('crowd', `${PRESS}, ${PRESS}, ${PRESS}, crash`);
}, 300_000);
afterAll(() => rm(dir, { recursive: true, force: true }));

const v3 = ['check', '--revision', 'v3'];

describe('a program that is too large', { timeout: 120_000 }, () => {
  it('is told while it runs and in its row, with its size and the bound that would do', async () => {
    const { code, out, err } = await mpath(...v3, 'crowd', '--steps', '400000', '--workers', '1');
    const advice =
      /(about (10\^[\d.]+|[\d,]+) steps, of which 400,000 are allowed|more than half of the 400,000 steps allowed are taken, [\d,]+ states so far): bound the preemptions .*, or sample/;
    expect(err).toMatch(new RegExp(`^toy/crowd on v3: ${advice.source}$`, 'm'));
    expect(out).toMatch(new RegExp(`^ {6}too large: ${advice.source}$`, 'm'));
    // What was found until then is told.
    expect(code).toBe(1);
    expect(out).toMatch(/^ {2}fail {9}crowd /m);
  });

  it('is explored by the bound that was advised', async () => {
    const { out } = await mpath(...v3, 'crowd', '--preemptions', '0', '--workers', '1');
    expect(out).not.toContain('too large');
  });
});

describe('a signal', { timeout: 120_000 }, () => {
  it.each([
    ['SIGTERM', 143, ['--steps', '900000000']],
    ['SIGINT', 130, ['--steps', '900000000', '--time', '600']],
    ['SIGTERM', 143, ['--sample', '900000000', '--method', 'pct']],
    ['SIGTERM', 143, ['--quick', '--time', '600']],
  ] as const)('%s ends the command soon (%i) after its report: %j', async (signal, exit, how) => {
    const run = startMpath([...v3, 'crowd', ...how, '--workers', '1'], { cwd: dir, timeoutMs });
    await run.wrote(/exploring/);
    // The threads are at work by then, or still begin: both must do.
    await new Promise((resolve) => setTimeout(resolve, 1_500));
    run.kill(signal);
    const since = performance.now();
    const { code, out, err } = await run.ended;
    expect({ code, err }).toEqual({ code: exit, err: expect.stringContaining(`stopped by ${signal}\n`) });
    expect(out).toMatch(/^ {2}(incomplete|fail) +crowd /m);
    expect(performance.now() - since).toBeLessThan(20_000);
  });
});

describe('a replay token', { timeout: 120_000 }, () => {
  it('of other code is anchored anew, or refused with the first place that differs', async () => {
    await scenario('told', '{ press: [a, b] }, crash');
    const { out } = await mpath(...v3, 'told');
    const [, token = ''] = /^mpath replay (\S+)$/m.exec(out) ?? [];
    await scenario('told', '{ press: [a, b, c] }, crash');
    const anchored = await mpath('replay', token);
    expect([anchored.code, anchored.err]).toEqual([
      1,
      expect.stringMatching(/^The code changed since the token was made/),
    ]);
    expect(anchored.out).toContain('NULL pointer dereference in toy_panel');
    await scenario('told', 'hang');
    const refused = await mpath('replay', token);
    expect(refused.code).toBe(2);
    expect(refused.err).toMatch(/^LMP-32\d: .*press-a1/m);
  });
});

describe('a checkpoint', { timeout: 120_000 }, () => {
  it.each([
    ['cut short', (text: string) => text.slice(0, -20), /LMP-343: /],
    ['changed', (text: string) => text.replace(/"steps":\d+/, '"steps":1'), /LMP-343: /],
    ['no checkpoint', () => '{}', /LMP-34\d: /],
  ])('that is %s is refused', async (_what, damage, says) => {
    const some = [...v3, 'crowd', '--workers', '1'];
    expect(await mpath(...some, '--steps', '2000', '--save', 'left')).toMatchObject({ code: 1 });
    const file = join(dir, 'left');
    await writeFile(file, damage(await readFile(file, 'utf8')));
    const { code, out, err } = await mpath(...some, '--resume', 'left');
    expect({ code, out }).toEqual({ code: 2, out: '' });
    expect(err).toMatch(says);
  });

  it('of other scenarios is refused', async () => {
    expect(await mpath(...v3, 'crowd', '--steps', '2000', '--save', 'left')).toMatchObject({ code: 1 });
    expect(await mpath(...v3, 'crashes', '--resume', 'left')).toMatchObject({
      code: 2,
      err: expect.stringMatching(/LMP-344: /),
    });
  });
});
