// SPDX-License-Identifier: GPL-2.0-only
import { mkdtemp, readFile, readdir, rm, truncate, writeFile } from 'node:fs/promises';
import { readFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { buildAgent } from './agent.js';
import { vmImagesErrors } from './errors.js';
import { buildBareImage, buildImage, imageEntries } from './image.js';
import { cacheKey } from './cache-key.js';
import { kernelEntries } from './kernels.js';

let dir: string;
beforeEach(async () => {
  dir = await mkdtemp(join(tmpdir(), 'mpath-image-'));
});
afterEach(async () => {
  vi.unstubAllEnvs();
  await rm(dir, { recursive: true, force: true });
});

const kernel = {
  name: 'k',
  release: 'k',
  vmlinuzPath: 'k',
  contentKey: 'k',
  builtin: new Set(['virtio_pci', 'virtio_console', 'nvme']),
};

it('holds the agent as init and the modules in the order of loading', () => {
  const modules = [
    { name: 'b', content: Buffer.from('1') },
    { name: 'a', content: Buffer.from('2') },
  ];
  const entries = imageEntries(Buffer.from('agent'), modules);
  const content = (path: string): string =>
    entries
      .filter((entry) => entry.path === path)
      .map((entry) => (entry.kind === 'file' ? Buffer.from(entry.content).toString() : entry.kind))
      .join();
  expect(content('init')).toBe('agent');
  expect(content('etc/mpath/modules')).toBe('/lib/modules/b.ko\n/lib/modules/a.ko\n');
  expect(content('lib/modules/a.ko')).toBe('2');
  expect(content('proc')).toBe('dir');
});

it('is built once, the same bytes each time, and again when it was cut', async () => {
  const lines: string[] = [];
  const build = () => buildImage({ kernel, modules: ['nvme'], cacheDir: dir, progress: (line) => lines.push(line) });
  const first = await build();
  const bytes = await readFile(first.path);
  expect(lines).toHaveLength(2);
  expect(await build()).toEqual(first);
  expect(lines).toHaveLength(2);
  await truncate(first.path, 1000);
  await build();
  expect(await readFile(first.path)).toEqual(bytes);
  expect(await readdir(join(dir, 'tmp'))).toEqual([]);
  const other = await buildImage({ kernel: { ...kernel, contentKey: 'l' }, modules: [], cacheDir: dir });
  expect(other.path).not.toBe(first.path);
});

it('says which module a kernel lacks, and builds nothing', async () => {
  await expect(buildImage({ kernel, modules: ['nvme-xyz'], cacheDir: dir })).rejects.toMatchObject({ code: 'LMP-806' });
  expect(await readdir(dir)).not.toContain('images');
});

it('has a bare form with an init that is another program', async () => {
  const bare = await readFile((await buildBareImage({ cacheDir: dir })).path);
  expect(bare.includes('mpath-bare-init ready')).toBe(true);
  expect(bare.includes('org.libmultipath.agent')).toBe(false);
});

it('compiles again when the cached agent is damaged, and says what is missing without a compiler', async () => {
  const { path } = await buildAgent({ cacheDir: dir });
  const bytes = await readFile(path);
  await writeFile(path, Buffer.alloc(bytes.length));
  expect((await readFile((await buildAgent({ cacheDir: dir })).path)).includes('org.libmultipath.agent')).toBe(true);
  vi.stubEnv('PATH', dir);
  await expect(buildAgent({ cacheDir: dir })).rejects.toMatchObject({
    code: 'LMP-810',
    todo: 'apt-get install gcc libc6-dev',
  });
});

it('describes kernels by data that fits together', () => {
  expect(new Set(kernelEntries.map(({ name }) => name)).size).toBe(kernelEntries.length);
  const meant = (release: string): string[] =>
    kernelEntries.filter(({ packagePattern }) => packagePattern.test(`linux-image-${release}`)).map(({ name }) => name);
  expect(meant('6.1.0-50-cloud-amd64')).toEqual(['6.1']);
  expect(meant('6.1.0-50-amd64')).toEqual(['6.1-generic']);
  expect(meant('6.12.107+deb13-cloud-amd64')).toEqual(['6.12']);
  expect(meant('6.16.3+deb13-amd64')).toEqual(['6.16-generic']);
  expect(meant('7.3.4+deb13-cloud-amd64')).toEqual(['7.3']);
  expect(meant('7.3~rc2+1~exp1-cloud-amd64')).toEqual(['7.3']);
  for (const other of ['6.1.0-50-cloud-amd64-dbg', '6.1.0-50-rt-amd64', '6.1.0-50-amd64-unsigned', '5.10.0-9-amd64'])
    expect(meant(other)).toEqual([]);
});

it('the key of the cache is one word that a CI can save it under, the same each time', () => {
  expect(cacheKey()).toMatch(/^mpath-kernels-[0-9a-f]{16}$/);
  expect(cacheKey()).toBe(cacheKey());
});

it('numbers its errors in its own hundred, and names the packages it needs', () => {
  for (const code of Object.keys(vmImagesErrors.catalogue)) expect(code).toMatch(/^LMP-8\d\d$/);
  const file = fileURLToPath(new URL('../debian-packages.json', import.meta.url));
  const list: unknown = JSON.parse(readFileSync(file, 'utf8'));
  const text = { name: expect.any(String), provides: expect.any(String), why: expect.any(String) };
  expect(list).toEqual({ packages: expect.arrayContaining([text]) });
  expect(JSON.stringify(list)).toContain('"qemu-system-x86_64"');
});
