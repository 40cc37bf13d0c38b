// SPDX-License-Identifier: GPL-2.0-only
import { mkdir, mkdtemp, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { driverFiles } from '@libmultipath/scaffold';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { begunDriver, modules } from '../testing/begun-driver.js';
import { buildMpath, runMpath } from '../testing/mpath-process.js';
import type { Ran } from '../testing/ran.js';

const MINUTES_5 = 300_000;
let scratch = '';

beforeAll(async () => {
  await buildMpath();
  scratch = await mkdtemp(join(tmpdir(), 'mpath-bad-driver-'));
}, MINUTES_5);
afterAll(() => rm(scratch, { recursive: true, force: true }));

const folder = (change?: (text: string) => string, file?: string): Promise<string> =>
  begunDriver(scratch, change, file);

/** Replaces, and sees to it that there was something to replace. */
const swap =
  (from: string, to: string) =>
  (text: string): string => {
    if (!text.includes(from)) throw new Error(`the template has no ${from}`);
    return text.replace(from, () => to);
  };

const run = (cwd: string, ...args: readonly string[]): Promise<Ran> => runMpath(args, { cwd, timeoutMs: 200_000 });

describe('a driver that cannot be loaded is refused with a number, and exit code 2', () => {
  it.concurrent.each<[string, string, (text: string) => string, RegExp]>([
    ['LMP-902', 'throws', (text) => `${text}\nthrow new Error('out of order');\n`, /out of order/],
    [
      'LMP-932',
      'imports what is not installed',
      (text) => `import 'no-such-package';\n${text}`,
      /npm install no-such-package/,
    ],
    ['LMP-932', 'imports a file that is not there', (text) => `import './nowhere.js';\n${text}`, /correct the path/],
    ['LMP-602', 'has a name in capitals', swap("name: 'acme'", "name: 'Acme'"), /Acme/],
    [
      'LMP-103',
      'has half a pair',
      swap('  *remove_head(', '  *ioctl_begin() { return null; },\n  *remove_head('),
      /ioctl_finish/,
    ],
    [
      'LMP-104',
      'has a callback of another revision',
      swap('  *remove_head(', '  *get_iopolicy() {},\n  *remove_head('),
      /get_iopolicy/,
    ],
    ['LMP-102', 'lacks a callback', swap('  *available_path(', '  *clone_bio('), /available_path/],
    [
      'LMP-609',
      'returns no template',
      swap('revisions: { v3: acme_mpdt }', 'revisions: { v3: () => undefined }'),
      /callbacks/,
    ],
    [
      'LMP-609',
      'throws in its template',
      swap(
        '(_lib: LibV3): PathTemplate<acme_path> => ({',
        '(_lib: LibV3): PathTemplate<acme_path> => (_lib.nothing(), {',
      ),
      /threw/,
    ],
  ])(
    '%s: it %s',
    async (code, _what, change, says) => {
      const ran = await run(await folder(change), 'drivers');
      expect(ran).toMatchObject({ code: 2, out: '' });
      expect(ran.err).toMatch(new RegExp(`^${code}: `));
      expect(ran.err).toMatch(says);
    },
    MINUTES_5,
  );

  it.concurrent(
    'LMP-601: it was built for another version of the interface',
    async () => {
      const config =
        "import { acmeDriver } from './src/index.js';\nexport default { drivers: [{ ...acmeDriver, api: 7 }] };\n";
      const ran = await run(await folder(() => config, 'mpath.config.ts'), 'drivers');
      expect(ran.code).toBe(2);
      expect(ran.err).toMatch(/^LMP-601: .*expected api 1, found 7/);
    },
    MINUTES_5,
  );

  it.concurrent(
    'LMP-603: it declares a step whose example is of another word',
    async () => {
      const config = [
        "import { defineDriver } from '@libmultipath/driver-kit';",
        "import { acmeDriver } from './src/index.js';",
        'const steps = { ...acmeDriver.steps, jump: acmeDriver.steps.read };',
        'export default { drivers: [defineDriver({ ...acmeDriver, steps })] };',
      ].join('\n');
      const ran = await run(await folder(() => config, 'mpath.config.ts'), 'drivers');
      expect(ran.code).toBe(2);
      expect(ran.err).toMatch(/^LMP-603: .*jump/s);
    },
    MINUTES_5,
  );

  it.concurrent(
    'LMP-936: it loops while it is loaded',
    async () => {
      const ran = await run(await folder((text) => `${text}\nfor (;;) {}\n`), 'drivers');
      expect(ran.code).toBe(2);
      expect(ran.err).toMatch(/^LMP-936: /m);
    },
    MINUTES_5,
  );

  it.concurrent(
    'LMP-936: it waits while it is loaded for what never comes',
    async () => {
      const ran = await run(await folder((text) => `${text}\nawait new Promise(() => {});\n`), 'drivers');
      expect(ran.code).toBe(2);
      expect(ran.err).toMatch(/^LMP-936: /m);
    },
    MINUTES_5,
  );
});

describe('a driver that is wrong while it runs is a finding that names the callback, and exit code 1', () => {
  const check = 'path-blocked-and-back';
  it.concurrent.each<[string, (text: string) => string, RegExp]>([
    [
      'one that returns the wrong type',
      swap("return (yield* READ_ONCE(path, 'state')) !== LIVE;", 'return 1;'),
      /is_disabled/,
    ],
    [
      'one that throws',
      swap("return (yield* READ_ONCE(path, 'state')) !== LIVE;", "throw new Error('no idea');"),
      /no idea/,
    ],
    [
      'is no generator',
      swap(
        "*is_disabled(path) {\n    return (yield* READ_ONCE(path, 'state'))",
        'is_disabled(path) {\n    return path.state',
      ),
      /is_disabled/,
    ],
    [
      'one that forgets to disable',
      swap("  yield* WRITE_ONCE(path, 'state', GONE);\n", ''),
      /acme_remove\(\) unlinks a path/,
    ],
  ])(
    '%s',
    async (_what, change, says) => {
      const ran = await run(await folder(change), 'check', check, '--revision', 'v3');
      expect(ran.code).toBe(1);
      expect(ran.out).toMatch(/^ {2}fail +\(contract\) /m);
      expect(ran.out).toMatch(/driver-contract in /);
      expect(ran.out).toMatch(says);
    },
    MINUTES_5,
  );

  it.concurrent.each([[[]], [['--sample', '20']], [['--quick', '--time', '40']]])(
    'LMP-341: one that loops without a step, and is named: %j',
    async (how) => {
      const change = swap('*is_disabled(path) {\n', '*is_disabled(path) {\n    for (; path.state === LIVE; ) {}\n');
      const ran = await run(await folder(change), 'check', check, '--revision', 'v3', ...how);
      expect(ran.code).toBe(70);
      expect(ran.err).toMatch(/^LMP-341: .*is_disabled/m);
    },
    MINUTES_5,
  );
});

describe('drivers are found by the keyword of their package', () => {
  const manifest = (name: string, more: object): string =>
    JSON.stringify({ name, version: '1.2.3', type: 'module', ...more });

  /** A folder that depends on packages, which have these entries. */
  const project = async (packages: Readonly<Record<string, string>>): Promise<string> => {
    const dir = await mkdtemp(join(scratch, 'p-'));
    const dependencies = Object.fromEntries(Object.keys(packages).map((name) => [name, '*']));
    await writeFile(join(dir, 'package.json'), manifest('project', { dependencies }));
    for (const [name, entry] of Object.entries(packages)) {
      const own = join(dir, 'node_modules', name);
      for (const { path, text } of await driverFiles('acme')) {
        await mkdir(dirname(join(own, path)), { recursive: true });
        await writeFile(join(own, path), text);
      }
      await writeFile(join(own, 'entry.ts'), entry);
      await writeFile(
        join(own, 'package.json'),
        manifest(name, { keywords: ['libmultipath-driver'], exports: { '.': { default: './entry.ts' } } }),
      );
    }
    await mkdir(join(dir, 'node_modules'), { recursive: true });
    await symlink(join(modules, '@libmultipath'), join(dir, 'node_modules/@libmultipath'));
    return dir;
  };
  const acme = "export { acmeDriver } from './src/driver.js';\n";

  it.concurrent(
    'also in TypeScript below node_modules, and says which package each came from',
    async () => {
      const dir = await project({ 'acme-multipath': acme });
      const ran = await run(dir, 'drivers');
      expect(ran).toMatchObject({ code: 0, err: '' });
      expect(ran.out).toMatch(/^acme .*\n +from package acme-multipath 1\.2\.3$/m);
      const checked = await run(dir, 'check', 'path-blocked-and-back', '--revision', 'v3');
      expect(checked).toMatchObject({ code: 0 });
    },
    MINUTES_5,
  );

  it.concurrent(
    'LMP-931: two packages with a driver of one name',
    async () => {
      const ran = await run(await project({ one: acme, two: acme }), 'drivers');
      expect(ran.code).toBe(2);
      expect(ran.err).toMatch(/^LMP-931: .*package one 1\.2\.3.*package two 1\.2\.3/);
    },
    MINUTES_5,
  );

  it.concurrent(
    'LMP-935: a package that exports none',
    async () => {
      const ran = await run(await project({ one: 'export const five = 5;\n' }), 'drivers');
      expect(ran.code).toBe(2);
      expect(ran.err).toMatch(/^LMP-935: /);
    },
    MINUTES_5,
  );

  it.concurrent(
    'LMP-901: nothing anywhere',
    async () => {
      const ran = await run(await project({}), 'drivers');
      expect(ran.code).toBe(2);
      expect(ran.err).toMatch(/^LMP-901: /);
    },
    MINUTES_5,
  );
});

describe('mpath new', () => {
  it.concurrent.each([
    ['LMP-934', ['driver', 'No-Capitals']],
    ['LMP-934', ['driver', '../elsewhere']],
    ['LMP-934', ['scenario', 'a--b']],
    ['LMP-933', ['driver', 'acme', '--dir', '.']],
    ['LMP-933', ['scenario', 'path-blocked-and-back']],
    ['LMP-904', ['scenario', 'fine', '--driver', 'acne']],
  ])(
    '%s: new %s',
    async (code, args) => {
      const ran = await run(await folder(), 'new', ...args);
      expect(ran).toMatchObject({ code: 2, out: '' });
      expect(ran.err).toMatch(new RegExp(`^${code}: `));
    },
    MINUTES_5,
  );

  it.concurrent(
    'scenario: gives a driver with words of its own a copy of a scenario of its own',
    async () => {
      const nvme =
        "import { nvmeDriver } from '@libmultipath/driver-nvme';\nexport default { drivers: [nvmeDriver] };\n";
      const dir = await folder(() => nvme, 'mpath.config.ts');
      const ran = await run(dir, 'new', 'scenario', 'mine', '--dir', 'here');
      expect(ran).toMatchObject({ code: 0, out: expect.stringContaining('here/mine.scenario.yaml') });
    },
    MINUTES_5,
  );
});
