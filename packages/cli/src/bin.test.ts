// SPDX-License-Identifier: GPL-2.0-only
import { spawn } from 'node:child_process';
import { cp, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { withRecorded, writeRecording, recordingUrl } from '@libmultipath/conformance';
import { toyDriver } from '@libmultipath/scenario/testing/toy-driver';
import { verifySchema } from '@libmultipath/report';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ran, type Ran } from './testing/ran.js';

const root = fileURLToPath(new URL('../../../', import.meta.url));
const bin = fileURLToPath(new URL('../dist/bin.js', import.meta.url));
const toy = fileURLToPath(new URL('../../scenario/src/testing/toy-driver.ts', import.meta.url));

const node = (args: readonly string[], cwd: string, timeoutMs: number): Promise<Ran> =>
  ran(
    spawn(process.execPath, args, {
      cwd,
      stdio: ['ignore', 'pipe', 'pipe'],
      timeout: timeoutMs,
      killSignal: 'SIGKILL',
    }),
  );

let dir = '';
/** As a user runs it, in a folder with a configuration of its own. */
const mpath = (...args: string[]): Promise<Ran> => node([bin, ...args], dir, 25_000);
const scenarios = (): URL => pathToFileURL(join(dir, 'scenarios/'));

beforeAll(async () => {
  await node([join(root, 'node_modules/typescript/bin/tsc'), '-b', 'packages/cli'], root, 240_000);
  dir = await mkdtemp(join(tmpdir(), 'mpath-cli-'));
  await cp(fileURLToPath(toyDriver.scenarios), join(dir, 'scenarios'), { recursive: true });
  await writeFile(join(dir, 'package.json'), '{ "type": "module" }');
  await writeFile(
    join(dir, 'mpath.config.ts'),
    `import { toyDriver } from ${JSON.stringify(pathToFileURL(toy).href)};
const scenarios: URL = new URL('./scenarios/', import.meta.url);
const title = 'A driver’s number';
export default { drivers: [{ ...toyDriver, scenarios }], errors: [{ 'LMP-298': { title, explain: 'E', exit: 2 } }] };
`,
  );
}, 250_000);
afterAll(() => rm(dir, { recursive: true, force: true }));

describe('mpath', () => {
  it('offers the nearest command, and the nearest option, and exits 2', async () => {
    expect(await mpath('veify')).toEqual({
      code: 2,
      out: '',
      err: 'LMP-909: there is no command veify\n  → did you mean `verify`?\n',
    });
    expect(await mpath('verify', '--recoded')).toMatchObject({
      code: 2,
      out: '',
      err: expect.stringContaining('--recorded'),
    });
    expect(await mpath('verify', '--runs', 'x')).toMatchObject({
      code: 2,
      err: expect.stringContaining('expected a whole number'),
    });
  });

  it.each([
    [['scenarios', 'one-pres'], 'LMP-903: one-pres: no scenario is called one-pres\n  → did you mean one-press?\n'],
    [
      ['verify', '--driver', 'tyo', '--recorded'],
      'LMP-904: --driver: no driver is called tyo\n  → did you mean toy?\n',
    ],
    [
      ['verify', 'rembered', '--recorded'],
      'LMP-903: rembered: no scenario is called rembered\n  → did you mean remembered?\n',
    ],
    [['diff', '1.0', '1.1'], 'LMP-905: 1.1: no model is called 1.1\n  → did you mean 1.0 or 2.0?\n'],
    [['explain', 'LMP-499'], 'LMP-906: explain: there is no error LMP-499\n'],
    [['verify', '--record', '--recorded'], 'LMP-909: --record: --record does not go with --recorded\n'],
    [
      ['verify', '--modules', 'x', '--kernel', '7.3'],
      'LMP-909: --modules: expected a kernel given by path, found none\n',
    ],
  ])('%j names what is wrong and what is near, and exits 2', async (args, message) => {
    const { code, out, err } = await mpath(...args);
    expect({ code, out }).toEqual({ code: 2, out: '' });
    expect(err.startsWith(message)).toBe(true);
  });

  it('lists scenarios and prints one', async () => {
    const { out } = await mpath('scenarios');
    expect(out.split('\n')[0]).toBe('one-press       toy  A press is counted once');
    expect((await mpath('scenarios', 'one-press')).out).toContain('# scenarios/one-press.scenario.yaml\n');
  });

  it('lists drivers and describes one', async () => {
    expect((await mpath('drivers')).out).toBe('toy  A panel with buttons (1.0, 2.0)\n     from mpath.config.ts\n');
    expect((await mpath('drivers', 'toy')).out).toContain(
      '  press: a                           Presses buttons, several at once.\n',
    );
  });

  it('explains its own numbers and those of the configuration', async () => {
    expect(await mpath('explain', 'lmp-408')).toMatchObject({
      code: 0,
      out: expect.stringMatching(/^LMP-408: a name that nothing introduced\n\n/),
    });
    expect(await mpath('explain', '298')).toMatchObject({ code: 0, out: expect.stringContaining('A driver’s number') });
  });

  it('prints all that is wrong with scenario files, each with its place, and exits 2', async () => {
    const bad = join(dir, 'scenarios/bad.scenario.yaml');
    await writeFile(
      bad,
      'schema: mpath.scenario/1\nname: bad\ntitle: \u001b[31mT\ndriver: toy\ntopology: { buttons: [a] }\nsteps:\n  - pres: a\n  - press: c\n  - observe: totl\n',
    );
    const { code, err } = await mpath('scenarios');
    await writeFile(
      bad,
      'schema: mpath.scenario/1\nname: bad\ntitle: T\ndriver: toy\ntopology: { buttons: [a] }\nsteps:\n  - pres: a\n  - press: c\n  - observe: totl\n',
    );
    const all = await mpath('verify', '--recorded');
    await rm(bad);
    expect(code).toBe(2);
    expect(err).not.toContain('\u001b');
    expect(all.code).toBe(2);
    expect(all.err.split('\n').filter((line) => line.startsWith('LMP-'))).toEqual([
      'LMP-405: scenarios/bad.scenario.yaml:7:5: unknown step `pres` of driver toy',
      'LMP-408: scenarios/bad.scenario.yaml:8:12: unknown button `c`',
      'LMP-406: scenarios/bad.scenario.yaml:9:14: unknown observation `totl` of driver toy',
    ]);
  });
});

describe('mpath diff', () => {
  it('prints each difference with its reason and exits 0 when all are explained', async () => {
    const { code, out } = await mpath('diff', '1.0', '2.0');
    expect(code).toBe(0);
    expect(out).toContain(
      'scenarios/remembered.scenario.yaml:9  last\n        1.0    null\n        2.0    "a"\n        because 1.0 has no memory',
    );
    expect(out).toContain('2 same, 1 differs, 1 unsupported\n');
  });

  it('keeps standard output for the document', async () => {
    const { code, out, err } = await mpath('diff', '1.0', '2.0', 'remembered', '--json', '-');
    expect(code).toBe(0);
    expect(JSON.parse(out)).toMatchObject({
      schema: 'mpath.diff/1',
      a: '1.0',
      b: '2.0',
      summary: { differs: 1, unexplained: 0 },
    });
    expect(err).toContain('0 same, 1 differs');
  });
});

describe('mpath verify --recorded', () => {
  const record = (seen: Readonly<Record<string, readonly Readonly<Record<string, string | number>>[]>>) =>
    writeRecording(
      recordingUrl(scenarios(), '2.0'),
      withRecorded(undefined, '2.0', '2.0.1', new Map(Object.entries(seen))),
    );

  it('says so when nothing was recorded', async () => {
    expect(await mpath('verify', '--recorded')).toMatchObject({
      code: 2,
      err: expect.stringMatching(/^LMP-908: toy: /),
    });
  });

  it('agrees, and writes the same document each time', async () => {
    await record({ remembered: [{ total: 1, last: 'a' }], 'racing-presses': [{ last: 'a' }, { last: 'b' }] });
    const args = ['verify', 'remembered', 'racing-presses', '--recorded', '--kernel', '2.0', '--json'];
    const first = await mpath(...args, '-');
    expect(first.code).toBe(0);
    const document = verifySchema.parse(JSON.parse(first.out));
    expect(document.summary).toEqual({
      agree: 2,
      diverge: 0,
      tooLoose: 0,
      fault: 0,
      unsupported: 0,
      error: 0,
      notRun: 0,
      expected: 0,
      observations: 3,
    });
    expect(document.kernels[0]).toMatchObject({ name: '2.0', release: '2.0.1', accelerator: 'recorded' });
    const second = await mpath(...args, 'out.json');
    expect(second.out).toContain('2 agree, 0 diverge (3 observations)\n');
    expect(await readFile(join(dir, 'out.json'), 'utf8')).toBe(first.out);
  });

  it('exits 1 on a divergence and shows both values at the line', async () => {
    await record({ remembered: [{ total: 2, last: 'a' }] });
    const { code, out } = await mpath('verify', 'remembered', '--recorded');
    expect(code).toBe(1);
    expect(out).toContain(
      '      scenarios/remembered.scenario.yaml:9  observe: total\n      observation  total\n      kernel       2\n      model allows 1\n',
    );
  });

  it('exits 2 when a scenario was not recorded, and on a recording from the future', async () => {
    await record({ remembered: [{ total: 1, last: 'a' }] });
    expect(await mpath('verify', '--recorded')).toMatchObject({ code: 2, out: expect.stringContaining('LMP-508') });
    await writeFile(new URL('recordings/9.9.json', scenarios()), '{"schema":"mpath.recording/7"}');
    const future = await mpath('verify', 'remembered', '--recorded', '--kernel', '9.9');
    expect(future).toMatchObject({ code: 2, err: expect.stringMatching(/^LMP-502: /) });
    expect(await mpath('verify', '--recorded', '--kernel', '8')).toMatchObject({
      code: 2,
      err: expect.stringMatching(/^LMP-908: /),
    });
  });
});

describe('the configuration', () => {
  const inside = async (text: string | undefined, ...args: string[]): Promise<Ran> => {
    const other = await mkdtemp(join(tmpdir(), 'mpath-config-'));
    try {
      if (text !== undefined) await writeFile(join(other, 'mpath.config.ts'), text);
      return await node([bin, ...args], other, 25_000);
    } finally {
      await rm(other, { recursive: true });
    }
  };

  it.each<[string, string, string | undefined]>([
    ['LMP-901', 'is missing', undefined],
    ['LMP-902', 'does not parse', 'export default {'],
    ['LMP-902', 'throws', 'throw new Error("no");'],
    ['LMP-902', 'exports something else', 'export default 5;'],
    ['LMP-902', 'lists what is no driver', 'export default { drivers: [{ name: "x" }] };'],
  ])('%s when it %s', async (code, _what, text) => {
    const ran = await inside(text, 'drivers');
    expect(ran).toMatchObject({ code: 2, out: '' });
    expect(ran.err.startsWith(`${code}: `)).toBe(true);
  });

  it('is not needed to explain a number', async () => {
    expect((await inside(undefined, 'explain', 'LMP-901')).code).toBe(0);
  });
});
