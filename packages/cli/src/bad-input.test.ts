// SPDX-License-Identifier: GPL-2.0-only
import { spawnSync } from 'node:child_process';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { Stage } from './testing/stage.js';

const root = fileURLToPath(new URL('../../../', import.meta.url));
const onToy = ['verify', 'one-press', '--kernel', './bzImage', '--modules', 'modules'];
let scratch = '';
let stage: Stage;

beforeAll(async () => {
  spawnSync(process.execPath, [join(root, 'node_modules/typescript/bin/tsc'), '-b', 'packages/cli'], { cwd: root });
  scratch = await mkdtemp(join(tmpdir(), 'mpath-bad-'));
}, 250_000);
afterAll(() => rm(scratch, { recursive: true, force: true }));
beforeEach(async () => {
  stage = await Stage.make(scratch);
});

describe('a guest', () => {
  it.concurrent.each<[string, string, string, number, string]>([
    ['panics in a scenario', 'panic', 'LMP-720', 3, 'kernel-fault'],
    ['panics while it boots', 'early-panic', 'LMP-720', 3, 'kernel-fault'],
    ['answers garbage', 'garbage', 'LMP-711', 2, 'error'],
    ['runs out of memory', 'oom', 'LMP-721', 2, 'error'],
    ['never answers', 'good', 'LMP-712', 2, 'error'],
    ['closes its channel', 'channel', 'LMP-710', 2, 'error'],
    ['dies with its QEMU', 'dies', 'LMP-703', 2, 'error'],
    ['has a machine that QEMU refuses', 'exit', 'LMP-702', 2, 'error'],
  ])(
    'that %s is a row with its number, and leaves nothing',
    async (_what, part, code, exit, verdict) => {
      const own = await Stage.make(scratch);
      const ran = await own.mpath(onToy, { FAKE_PART: part });
      expect(ran).toMatchObject({ code: exit, err: '' });
      expect(ran.out).toMatch(new RegExp(`^  ${verdict} +one-press .*\\n      ${code}: `, 'm'));
      expect(ran.out).toMatch(/^ +→ /m);
      expect(await own.leftBehind()).toEqual([]);
    },
    60_000,
  );
});

it('that faults is tried once more, and both terminal and document count the machine that was lost', async () => {
  const ran = await stage.mpath([...onToy, '--json', 'out.json', '--junit', 'out.xml'], { FAKE_PART: 'panic' });
  expect(ran.code).toBe(3);
  expect(ran.out).toMatch(/one-press: kernel fault \(again when tried once more\): LMP-720/);
  expect(ran.out.trimEnd()).toMatch(/\n1 machine lost and replaced\n.* observations\)$/);
  const document: unknown = JSON.parse(await readFile(join(stage.dir, 'out.json'), 'utf8'));
  expect(document).toMatchObject({
    kernels: [{ incidents: [{ kind: 'fault', scenario: 'one-press', again: true }] }],
    summary: { fault: 1, incidents: 1 },
  });
  expect(await readFile(join(stage.dir, 'out.xml'), 'utf8')).toContain('<property name="incident" value="one-press: ');
}, 60_000);

it('two runs at once with one cache do not meet', async () => {
  const env = { FAKE_PART: 'panic' };
  const [one, other] = await Promise.all([stage.mpath(onToy, env), stage.mpath(onToy, env)]);
  const rows = [one, other].map(
    ({ out }) => out.split('\n').filter((line) => line.startsWith('  kernel-fault')).length,
  );
  expect([one.code, other.code, ...rows]).toEqual([3, 3, 1, 1]);
  expect(await stage.leftBehind()).toEqual([]);
}, 60_000);

describe('a machine', () => {
  const refused = async (args: readonly string[], env?: Readonly<Record<string, string>>): Promise<string> => {
    const ran = await stage.mpath(args, env);
    expect(ran.code).toBe(2);
    expect(ran.err).toMatch(/\n {2}→ \S/);
    expect(await stage.leftBehind()).toEqual([]);
    return ran.err;
  };
  const without = (name: string): Promise<void> => rm(join(stage.dir, 'bin', name));

  it('without QEMU is told which package brings it', async () => {
    await without('qemu-system-x86_64');
    expect(await refused(onToy)).toMatch(/^LMP-701: .*\n.*qemu-system-x86/);
    const doctor = await stage.mpath(['vm', 'doctor']);
    expect(doctor.code).toBe(2);
    expect(doctor.out).toMatch(/^ {2}missing +qemu-system-x86_64 /m);
    expect(doctor.out).toMatch(/^ {2}(sudo )?apt-get install .*qemu-system-x86/m);
  });

  it('without a compiler is told which packages bring it', async () => {
    await without('gcc');
    expect(await refused(onToy)).toMatch(/^LMP-810: .*\n.*gcc libc6-dev/);
  });

  it.each([['7.3'], ['latest']])('without network and cache gets no kernel %s', async (name) => {
    expect(await refused(['verify', '--kernel', name])).toMatch(/^LMP-802: .*no route/);
    expect(await refused(['vm', 'fetch', name])).toMatch(/^LMP-802: .*no route/);
  });

  it.each(['bzImage', '/proc/nowhere'])('whose cache cannot be made at %s is told so, at once', async (place) => {
    const env = { MPATH_CACHE: place.startsWith('/') ? place : join(stage.dir, place) };
    expect(await refused(onToy, env)).toMatch(/^LMP-803: .*\n.*MPATH_CACHE/);
    expect((await stage.mpath(['vm', 'doctor'], env)).code).toBe(2);
  });

  it('does not take for a kernel what is none, nor what is not there', async () => {
    await writeFile(join(stage.dir, 'text'), 'x'.repeat(5_000));
    expect(await refused(['verify', '--kernel', './text'])).toMatch(/^LMP-805: /);
    expect(await refused(['verify', '--kernel', './absent'])).toMatch(/^LMP-809: /);
    expect(await refused(['verify', '--kernel', '7.33'])).toMatch(/^LMP-800: .*near it: .*7\.3/);
  });

  it('says before anything is booted that the document cannot be written', async () => {
    expect(await refused([...onToy, '--json', 'nowhere/x.json'])).toMatch(/^LMP-907: /);
    expect(await refused(['diff', '1.0', '2.0', '--json', '.'])).toMatch(/^LMP-907: /);
  });

  it('on which the kernel lacks the driver has nothing to compare: unsupported, with the reason', async () => {
    const ran = await stage.mpath(['verify', 'one-press', '--kernel', './bzImage']);
    expect(ran.code).toBe(2);
    expect(ran.out).toMatch(/^ {2}unsupported +one-press\n {6}LMP-806: .*module toy/m);
    expect(await stage.leftBehind()).toEqual([]);
  });
});
