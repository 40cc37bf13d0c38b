// SPDX-License-Identifier: GPL-2.0-only
// `--kernel host` from end to end: a kernel is taken from where a system keeps its own, and nobody asks apt.
import { chmod, copyFile, cp, mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { gzipSync } from 'node:zlib';
import { verifySchema } from '@libmultipath/report';
import { cacheDirOf, resolveKernel, type Kernel } from '@libmultipath/vm-images';
import { execa } from 'execa';
import { afterEach, beforeAll, beforeEach, expect, it } from 'vitest';
import { buildMpath, runMpath } from '../testing/mpath-process.js';

const root = fileURLToPath(new URL('../../../../', import.meta.url));
let dir = '';
let kernel: Kernel;
beforeAll(async () => {
  await buildMpath();
  kernel = await resolveKernel({ kind: 'name', name: '7.3' }, { cacheDir: cacheDirOf(process.env) });
});
beforeEach(async () => {
  dir = await mkdtemp(join(tmpdir(), 'mpath-host-'));
});
afterEach(() => rm(dir, { recursive: true, force: true }));

const hasZstd = async (): Promise<boolean> => !(await execa('zstd', ['--version'], { reject: false })).failed;

/** Debian compresses modules with xz, Ubuntu with zstd: one is done again, the way that there is a program for. */
const compressAnew = async (modules: string, stem: string): Promise<void> => {
  const name = (await readdir(modules, { recursive: true })).find((path) => path.endsWith(`/${stem}.ko.xz`)) ?? '';
  const path = join(modules, name);
  const { stdout } = await execa('xz', ['-dc', '--', path], { encoding: 'buffer', stripFinalNewline: false });
  const zstd = await hasZstd();
  const smaller = zstd
    ? (await execa('zstd', ['-qc'], { input: stdout, encoding: 'buffer', stripFinalNewline: false })).stdout
    : gzipSync(stdout);
  await writeFile(path.replace(/\.xz$/, zstd ? '.zst' : '.gz'), smaller);
  await rm(path);
};

/** A system as a distribution installs it: the image in /boot, the modules of its release. */
const installSystem = async (): Promise<string> => {
  const system = join(dir, 'system');
  const modules = join(system, 'lib/modules', kernel.release);
  await mkdir(join(system, 'boot'), { recursive: true });
  await copyFile(kernel.vmlinuzPath, join(system, 'boot', `vmlinuz-${kernel.release}`));
  await cp(kernel.modulesDir ?? '', modules, { recursive: true });
  await compressAnew(modules, 'virtio_blk');
  return system;
};

/** Programs that say on a file that they were called, and fail. */
const trapApt = async (): Promise<{ readonly bin: string; readonly called: () => Promise<string> }> => {
  const bin = join(dir, 'bin');
  const log = join(dir, 'called');
  await mkdir(bin);
  for (const name of ['apt-get', 'apt-cache', 'apt-config', 'dpkg-deb']) {
    await writeFile(join(bin, name), `#!/bin/sh\necho "${name} $*" >>${log}\nexit 100\n`);
    await chmod(join(bin, name), 0o755);
  }
  await writeFile(log, '');
  return { bin, called: () => readFile(log, 'utf8') };
};

it('boots the kernel of a system, with its modules as they lie there, without a package archive', async () => {
  const system = await installSystem();
  const { bin, called } = await trapApt();
  const env = { TMPDIR: dir, MPATH_CACHE: join(dir, 'cache'), PATH: `${bin}${delimiter}${process.env['PATH'] ?? ''}` };
  const args = ['verify', 'names-and-sizes', '--driver', 'virtio-blk', '--kernel', `host:${system}`, '--json', '-'];
  const { code, out, err } = await runMpath(args, { cwd: root, env, timeoutMs: 240_000 });
  expect({ code, err }).toMatchObject({ code: 0 });
  const { kernels, summary } = verifySchema.parse(JSON.parse(out));
  expect(kernels).toMatchObject([{ name: kernel.release, release: kernel.release }]);
  expect(summary).toMatchObject({ agree: 1, unsupported: 0, diverge: 0, error: 0 });
  expect(await called()).toBe('');
}, 300_000);

it('says where an image is expected when there is none', async () => {
  const args = ['verify', 'names-and-sizes', '--driver', 'virtio-blk', '--kernel', `host:${dir}`];
  const { code, err } = await runMpath(args, { cwd: root, env: { TMPDIR: dir, MPATH_CACHE: join(dir, 'cache') } });
  expect(code).toBe(2);
  expect(err).toContain('LMP-809');
  expect(err).toContain('boot/vmlinuz-RELEASE');
});
