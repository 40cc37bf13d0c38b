// SPDX-License-Identifier: GPL-2.0-only
import { existsSync } from 'node:fs';
import { appendFile, mkdir, mkdtemp, readFile, readdir, rm, truncate, unlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { kernelEntries } from './kernels.js';
import { listKernels } from './list-kernels.js';
import { resolveKernel } from './resolve-kernel.js';
import { fakeKernel, makeFakeArchive, type FakeArchive } from './testing/fake-archive.js';

const OLD = '6.1.0-9-cloud-amd64';
const NEW = '7.3.4+deb13-cloud-amd64';
const CUT = '6.19.14+deb13-cloud-amd64';
const WHOLE = '6.18.1+deb13-cloud-amd64';
const newModules = `usr/lib/modules/${NEW}`;

const packages = [
  {
    name: `linux-image-${OLD}`,
    depends: 'kmod, linux-base (>= 4.3~)',
    files: {
      [`boot/vmlinuz-${OLD}`]: fakeKernel(OLD),
      [`lib/modules/${OLD}/modules.builtin`]: 'kernel/drivers/nvme/host/nvme-core.ko\n',
      [`lib/modules/${OLD}/kernel/a.ko`]: 'a',
    },
  },
  { name: `linux-image-${OLD}-unsigned`, files: { 'usr/share/x': 'x' } },
  { name: 'linux-image-6.1.0-8-cloud-amd64', files: { 'usr/share/x': 'x' } },
  {
    name: `linux-image-${NEW}`,
    depends: `dracut | initramfs-tools, linux-base-${NEW} (= 1), linux-binary-${NEW} (= 1), linux-modules-${NEW} (= 1)`,
    files: { 'usr/share/doc/x': 'x' },
  },
  {
    name: `linux-image-${CUT}`,
    depends: `linux-binary-${CUT} (= 1), linux-modules-${CUT} (= 1)`,
    files: { 'usr/share/doc/x': 'x' },
  },
  { name: `linux-binary-${CUT}`, files: { [`usr/lib/modules/${CUT}/vmlinuz`]: fakeKernel(CUT) } },
  {
    name: 'linux-image-6.18.15+deb13-cloud-amd64',
    depends: 'linux-base-6.18.15+deb13-cloud-amd64',
    files: { 'usr/share/doc/x': 'x' },
  },
  {
    name: `linux-image-${WHOLE}`,
    files: {
      [`boot/vmlinuz-${WHOLE}`]: fakeKernel(WHOLE),
      [`lib/modules/${WHOLE}/modules.builtin`]: 'kernel/drivers/nvme/host/nvme-core.ko\n',
    },
  },
  { name: `linux-binary-${NEW}`, files: { [`${newModules}/vmlinuz`]: fakeKernel(NEW) } },
  { name: `linux-modules-${NEW}`, files: { [`${newModules}/kernel/b.ko.xz`]: 'b' } },
  {
    name: `linux-base-${NEW}`,
    files: { [`${newModules}/modules.builtin`]: 'kernel/drivers/char/virtio_console.ko\n' },
  },
];

let dir: string;
let cacheDir: string;
let archive: FakeArchive;
const lines: string[] = [];

beforeEach(async () => {
  dir = await mkdtemp(join(tmpdir(), 'mpath-archive-'));
  cacheDir = join(dir, 'cache');
  archive = await makeFakeArchive(join(dir, 'archive'), packages);
  lines.length = 0;
  vi.stubEnv('PATH', `${archive.bin}:${process.env['PATH'] ?? ''}`);
});
afterEach(async () => {
  vi.unstubAllEnvs();
  await rm(dir, { recursive: true, force: true });
});

const resolve = (name: string, more: { refresh?: boolean; verify?: boolean } = {}) =>
  resolveKernel({ kind: 'name', name }, { cacheDir, progress: (line) => lines.push(line), ...more });
const leftovers = async (): Promise<string[]> =>
  existsSync(join(cacheDir, 'tmp')) ? readdir(join(cacheDir, 'tmp')) : [];

describe.skipIf(!existsSync('/usr/bin/dpkg-deb'))('a kernel by name', () => {
  it('comes from one package that holds all, the newest that matches', async () => {
    const kernel = await resolve('6.1');
    expect(kernel).toMatchObject({ name: '6.1', release: OLD, builtin: new Set(['nvme_core']) });
    expect(await readFile(kernel.vmlinuzPath)).toEqual(fakeKernel(OLD));
    expect(await readFile(join(kernel.modulesDir ?? '', 'kernel/a.ko'), 'utf8')).toBe('a');
    expect(await leftovers()).toEqual([]);
  });

  it('comes from the packages that an empty one depends on', async () => {
    const kernel = await resolve('7.3');
    expect(kernel).toMatchObject({ name: '7.3', release: NEW, builtin: new Set(['virtio_console']) });
    expect(await readdir(join(kernel.modulesDir ?? '', 'kernel'))).toEqual(['b.ko.xz']);
  });

  it('is taken from the cache without a call of apt', async () => {
    const first = await resolve('6.1');
    const calls = archive.calls();
    expect(calls).toBeGreaterThan(0);
    archive.behave('offline');
    expect(await resolve('6.1')).toEqual(first);
    expect(archive.calls()).toBe(calls);
    const listed = await listKernels(cacheDir);
    expect(listed.filter(({ cached }) => cached)).toMatchObject([{ name: '6.1', release: OLD }]);
    expect(listed.map(({ name }) => name)).toEqual(kernelEntries.map(({ name }) => name));
  });

  it('asks the archive again when told to', async () => {
    const first = await resolve('6.1');
    const calls = archive.calls();
    expect(await resolve('6.1', { refresh: true })).toEqual(first);
    expect(archive.calls()).toBeGreaterThan(calls);
  });

  it('is fetched once more when the cached one was cut, and never used so', async () => {
    const first = await resolve('6.1');
    await truncate(first.vmlinuzPath, 100);
    archive.behave('offline');
    await expect(resolve('6.1')).rejects.toMatchObject({ code: 'LMP-802' });
    archive.behave('ok');
    const again = await resolve('6.1');
    expect(await readFile(again.vmlinuzPath)).toEqual(fakeKernel(OLD));
    expect(lines.join('\n')).toContain('the cached vmlinuz is damaged');
  });

  it('is checked by content where that is asked for', async () => {
    const first = await resolve('6.1');
    const path = join(first.modulesDir ?? '', 'kernel/a.ko');
    await writeFile(path, 'b');
    expect(await resolve('6.1')).toEqual(first);
    await resolve('6.1', { verify: true });
    expect(await readFile(path, 'utf8')).toBe('a');
  });

  it('is not there as long as its marker is not', async () => {
    const first = await resolve('6.1');
    await unlink(join(first.vmlinuzPath, '../kernel.json'));
    expect((await listKernels(cacheDir)).filter(({ cached }) => cached)).toEqual([]);
    expect(await resolve('6.1')).toEqual(first);
  });

  it('can be fetched by several at once', async () => {
    const kernels = await Promise.all([resolve('7.3'), resolve('7.3'), resolve('7.3')]);
    expect(new Set(kernels.map((kernel) => kernel.vmlinuzPath)).size).toBe(1);
    expect(await readdir(join(cacheDir, 'kernels'))).toHaveLength(1);
    expect(await leftovers()).toEqual([]);
  });

  it('of a cache that a newer version of the program wrote is neither used nor spoilt', async () => {
    const ours = await resolve('6.1');
    const theirs = join(cacheDir, 'kernels', '6.1-of-another-version');
    await mkdir(theirs);
    const marker = JSON.stringify({ schema: 'libmultipath.kernel/2', name: '6.1', release: '6.1.999', blobs: [] });
    await writeFile(join(theirs, 'kernel.json'), marker);
    expect(await resolve('6.1')).toEqual(ours);
    expect((await listKernels(cacheDir)).find(({ name }) => name === '6.1')?.release).toBe(ours.release);
    expect(await readFile(join(theirs, 'kernel.json'), 'utf8')).toBe(marker);
    // Nor where both would have the same place: what is there is the other one's.
    const own = join(ours.vmlinuzPath, '../kernel.json');
    await writeFile(own, (await readFile(own, 'utf8')).replace('libmultipath.kernel/1', 'libmultipath.kernel/2'));
    expect((await resolve('6.1')).release).toBe(ours.release);
    expect(await readFile(join(theirs, 'kernel.json'), 'utf8')).toBe(marker);
  });

  it('called latest is the newest that can be had', async () => {
    expect((await resolve('latest')).release).toBe(NEW);
    await rm(join(cacheDir, 'kernels'), { recursive: true });
    await resolve('6.1');
    archive.behave('offline');
    expect((await resolve('latest')).release).toBe(OLD);
    expect(lines.join('\n')).toContain('kernel 7.3 cannot be had (LMP-802)');
  });
});

describe.skipIf(!existsSync('/usr/bin/dpkg-deb'))('a kernel that cannot be had', () => {
  it.each([
    ['offline', 'LMP-802'],
    ['full', 'LMP-804'],
    ['corrupt', 'LMP-808'],
    ['no-debian', 'LMP-801'],
  ] as const)('fails when apt is %s, leaves nothing behind and the cache intact', async (how, code) => {
    const kept = await resolve('6.1');
    archive.behave(how);
    await expect(resolve('7.3')).rejects.toMatchObject({ code, todo: expect.stringMatching(/./) });
    expect(await leftovers()).toEqual([]);
    expect(await resolve('6.1')).toEqual(kept);
    expect(await readdir(join(cacheDir, 'kernels'))).toHaveLength(1);
  });

  it('is not whole in the archive: the next older release that is, or the names of what is gone', async () => {
    await expect(resolve('6.19')).rejects.toMatchObject({
      code: 'LMP-813',
      message: `${CUT} is not whole in trixie-backports, it lacks linux-modules-${CUT}`,
    });
    expect(await leftovers()).toEqual([]);
    expect(await resolve('6.18')).toMatchObject({ release: WHOLE });
  });

  it('has no apt on this machine', async () => {
    vi.stubEnv('PATH', join(dir, 'nothing'));
    await expect(resolve('6.1')).rejects.toMatchObject({ code: 'LMP-807' });
  });

  it('has a name that nobody knows', async () => {
    await expect(resolve('7.33')).rejects.toMatchObject({ code: 'LMP-800', message: expect.stringContaining('7.3') });
    await expect(resolve('lates')).rejects.toMatchObject({ message: expect.stringContaining('latest') });
  });

  it('has no place to go', async () => {
    await writeFile(join(dir, 'file'), '');
    const blocked = { cacheDir: join(dir, 'file') };
    await expect(resolveKernel({ kind: 'name', name: '6.1' }, blocked)).rejects.toMatchObject({ code: 'LMP-803' });
  });

  it('sweeps away what a process that is gone left behind', async () => {
    await mkdir(join(cacheDir, 'tmp/4194999-abcdef'), { recursive: true });
    await appendFile(join(cacheDir, 'tmp/4194999-abcdef/part'), 'x');
    await resolve('6.1');
    expect(await leftovers()).toEqual([]);
  });
});
