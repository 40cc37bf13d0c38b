// SPDX-License-Identifier: GPL-2.0-only
import { execFile } from 'node:child_process';
import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { builtinModules } from 'node:module';
import { tmpdir } from 'node:os';
import { dirname, join, posix } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify, stripVTControlCharacters } from 'node:util';
import { checkPackage, createPackageFromTarballData } from '@arethetypeswrong/core';
import { publint } from 'publint';
import { formatMessage } from 'publint/utils';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

const root = fileURLToPath(new URL('../', import.meta.url));
const MINUTES_4 = 240_000;

interface Manifest {
  readonly name: string;
  readonly version: string;
  readonly license?: string;
  readonly description?: string;
  readonly engines?: { readonly node?: string };
  readonly dependencies?: Readonly<Record<string, string>>;
}

const folders = [
  ...(await readdir(join(root, 'packages'))).map((name) => `packages/${name}`),
  ...(await readdir(join(root, 'drivers'))).map((name) => `drivers/${name}`),
  'harness',
  'vm-images',
].sort();

const manifestOf = async (folder: string): Promise<Manifest> =>
  // Only what the interface names is read, and every use of it is an assertion.
  JSON.parse(await readFile(join(root, folder, 'package.json'), 'utf8')) as Manifest;

/** Files of a package as npm packs it, with their text; paths as inside of the package. */
interface Packed {
  readonly tarball: ArrayBuffer;
  readonly files: ReadonlyMap<string, string>;
  readonly manifest: Manifest;
}

const packed = new Map<string, Packed>();
let scratch = '';

const readPacked = async (folder: string, file: string): Promise<Packed> => {
  const bytes = await readFile(file);
  const tarball = bytes.buffer.slice(bytes.byteOffset, bytes.byteOffset + bytes.byteLength);
  const manifest = await manifestOf(folder);
  const content = createPackageFromTarballData(new Uint8Array(tarball));
  const prefix = `/node_modules/${manifest.name}/`;
  const files = new Map(
    content.listFiles(prefix).map((path) => [path.slice(prefix.length), content.readFile(path)] as const),
  );
  return { tarball, files, manifest };
};

beforeAll(async () => {
  scratch = await mkdtemp(join(tmpdir(), 'packages-'));
  const workspaces = folders.flatMap((folder) => ['-w', folder]);
  await promisify(execFile)(
    'npm',
    ['pack', '--silent', '--ignore-scripts', '--pack-destination', scratch, ...workspaces],
    { cwd: root },
  );
  for (const folder of folders) {
    const { name, version } = await manifestOf(folder);
    const file = `${name.replace('@', '').replace('/', '-')}-${version}.tgz`;
    packed.set(folder, await readPacked(folder, join(scratch, file)));
  }
}, MINUTES_4);
afterAll(() => rm(scratch, { recursive: true, force: true }));

const the = (folder: string): Packed => {
  const found = packed.get(folder);
  if (found === undefined) throw new Error(`${folder} was not packed`);
  return found;
};

const IMPORT = /^\s*(?:import|export)\b[^'";]*?\bfrom\s*'([^']+)'|^\s*import\s*'([^']+)'|\bimport\(\s*'([^']+)'\s*\)/gm;
const BESIDE = /new URL\('(\.[^']*)', import\.meta\.url\)/g;

/** The plain driver is the battery's: its folder of scenarios is not there to be read. */
const MEANT: ReadonlySet<string> = new Set(['dist/plain/driver.js: ./scenarios/']);

/** Where a package leads its user to: modules and files that its modules name, and those that it does not have. */
const lacking = ({ files, manifest }: Packed): string[] => {
  const has = (path: string): boolean =>
    files.has(path) || [...files.keys()].some((file) => file.startsWith(`${path}/`));
  const ours = new Set([...Object.keys(manifest.dependencies ?? {}), manifest.name]);
  const lacks: string[] = [];
  for (const [file, text] of files) {
    // Templates are another package's sources.
    if (!/\.(?:js|d\.ts)$/.test(file) || file.startsWith('templates/')) continue;
    const resolved = (path: string): string => posix.join(dirname(file), path).replace(/\/$/, '');
    for (const [, from, bare, lazy] of text.matchAll(IMPORT)) {
      const name = from ?? bare ?? lazy ?? '';
      if (name.startsWith('.')) {
        const path = resolved(name);
        if (!has(path) && !(file.endsWith('.d.ts') && has(path.replace(/\.js$/, '.d.ts'))))
          lacks.push(`${file}: ${name}`);
      } else {
        const owner = name.split('/', name.startsWith('@') ? 2 : 1).join('/');
        if (!ours.has(owner) && !name.startsWith('node:') && !builtinModules.includes(owner))
          lacks.push(`${file}: ${name}`);
      }
    }
    for (const [, path = ''] of text.matchAll(BESIDE)) {
      const target = resolved(path);
      // What a package writes or looks for and may be without is below no folder of its own.
      if (target !== '' && target !== '.' && !target.startsWith('..') && !has(target)) lacks.push(`${file}: ${path}`);
    }
  }
  return lacks;
};

const EXEMPT = [
  // Sources are no part of a package: only tests of this workspace ask with this condition.
  /\["@libmultipath\/source"\] is \.\/src\/\S+\*\.ts but does not match any files/,
  // A template is no package until `mpath new` has written it where it is the root.
  /^\.\/templates\/driver\/package\.json has an "exports" field/,
];

describe.each(folders)('%s, as it is published', (folder) => {
  it('has the licence, a README, what it says of itself, and nothing that only we need', async () => {
    const { files, manifest } = the(folder);
    expect(files.get('LICENSE')).toBe(await readFile(join(root, 'LICENSE'), 'utf8'));
    expect(files.get('README.md')).toMatch(new RegExp(`^# .*\n\n\\S`));
    expect(manifest).toMatchObject({
      license: 'GPL-2.0-only',
      description: expect.stringMatching(/\S/),
      engines: { node: '>=20.19' },
    });
    expect(files.has('dist/index.js'), 'it is not built: npm run build').toBe(true);
    expect(files.has('dist/index.d.ts')).toBe(true);
    expect(
      [...files.keys()].filter((file) => /\.test\.|\.map$|tsbuildinfo|\/testing\/|^src\/.*\.ts$/.test(file)),
    ).toEqual([]);
  });

  it('leads nowhere that it does not have: modules, files beside them, packages it depends on', () => {
    expect(lacking(the(folder)).filter((lack) => !MEANT.has(lack))).toEqual([]);
  });

  it('is clean to publint', async () => {
    const { tarball } = the(folder);
    const { messages, pkg } = await publint({ pack: { tarball }, strict: true });
    const complaints = messages.map((message) => stripVTControlCharacters(formatMessage(message, pkg) ?? message.code));
    expect(complaints.filter((text) => !EXEMPT.some((exempt) => exempt.test(text)))).toEqual([]);
  });

  it('has types that resolve wherever modules do', async () => {
    const result = await checkPackage(createPackageFromTarballData(new Uint8Array(the(folder).tarball)));
    if (!result.types) throw new Error('there are no types in it');
    // An ES module is all that there is: CommonJS and the resolution of Node 10 are not served.
    const served = result.problems.filter(
      (problem) => !('resolutionKind' in problem && ['node10', 'node16-cjs'].includes(problem.resolutionKind)),
    );
    expect(served).toEqual([]);
  });
});

it('packages are of one version, and ask for each other at that', async () => {
  const manifests = await Promise.all(folders.map(manifestOf));
  const versions = manifests.flatMap(({ version, dependencies = {} }) => [
    version,
    ...Object.entries(dependencies).flatMap(([name, wanted]) => (name.startsWith('@libmultipath/') ? [wanted] : [])),
  ]);
  expect(new Set(versions).size).toBe(1);
});
