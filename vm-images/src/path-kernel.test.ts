// SPDX-License-Identifier: GPL-2.0-only
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { releaseOfHead } from './bzimage.js';
import { hostKernel, kernelBelow, pathKernel } from './path-kernel.js';
import { fakeKernel } from './testing/fake-archive.js';

let dir: string;
beforeEach(async () => {
  dir = await mkdtemp(join(tmpdir(), 'mpath-path-kernel-'));
});
afterEach(() => rm(dir, { recursive: true, force: true }));

const put = async (path: string, content: string | Buffer): Promise<string> => {
  const full = join(dir, path);
  await mkdir(join(full, '..'), { recursive: true });
  await writeFile(full, content);
  return full;
};

it('reads the release from the header', async () => {
  const path = await put('bzImage', fakeKernel('7.4.0-rc1'));
  const kernel = await pathKernel(path);
  expect(kernel).toMatchObject({ name: '7.4.0-rc1', release: '7.4.0-rc1', vmlinuzPath: path });
  expect(kernel.modulesDir).toBeUndefined();
});

it('refuses what is no kernel, and what cannot be read', async () => {
  for (const content of ['', 'text', Buffer.alloc(100_000), Buffer.from('\x7fELF'.padEnd(70_000))]) {
    await expect(pathKernel(await put('other', content))).rejects.toMatchObject({ code: 'LMP-805' });
  }
  await expect(pathKernel(join(dir, 'absent'))).rejects.toMatchObject({ code: 'LMP-809' });
  await expect(pathKernel(dir)).rejects.toMatchObject({ code: 'LMP-809' });
});

it('never takes a damaged header for a release it does not hold', () => {
  expect.hasAssertions();
  fc.assert(
    fc.property(fc.uint8Array({ minLength: 0x210, maxLength: 0x800 }), (bytes) => {
      const head = Buffer.from(bytes);
      head.writeUInt16LE(0xaa55, 0x1fe);
      head.write('HdrS', 0x202, 'latin1');
      expect(head.includes(Buffer.from(releaseOfHead(head) ?? 'HdrS', 'latin1'))).toBe(true);
      expect(releaseOfHead(head)).not.toBe('');
    }),
  );
});

it('finds modules in what make modules_install made, in the directory itself, or in a build tree', async () => {
  const path = await put('build/arch/x86/boot/bzImage', fakeKernel('7.4.0'));
  await put('build/modules.builtin', 'drivers/nvme/host/nvme-core.ko\n');
  await put('installed/lib/modules/7.4.0/modules.builtin', 'kernel/a-b.ko\n');
  expect((await pathKernel(path)).builtin).toEqual(new Set(['nvme_core']));
  expect((await pathKernel(path, join(dir, 'installed'))).builtin).toEqual(new Set(['a_b']));
  expect((await pathKernel(path, join(dir, 'installed/lib/modules/7.4.0'))).builtin).toEqual(new Set(['a_b']));
  await expect(pathKernel(path, join(dir, 'build/arch'))).rejects.toMatchObject({ code: 'LMP-809' });
});

it('has another key when a module changes', async () => {
  const path = await put('bzImage', fakeKernel('7.4.0'));
  await put('m/modules.builtin', '');
  await put('m/kernel/a.ko', 'a');
  const before = await pathKernel(path, join(dir, 'm'));
  expect((await pathKernel(path, join(dir, 'm'))).contentKey).toBe(before.contentKey);
  await put('m/kernel/a.ko', 'ab');
  expect((await pathKernel(path, join(dir, 'm'))).contentKey).not.toBe(before.contentKey);
});

it('takes the kernel of this machine from /boot or from its modules', async () => {
  await expect(hostKernel('5.0', dir)).rejects.toMatchObject({ code: 'LMP-809' });
  await put('lib/modules/5.0/vmlinuz', fakeKernel('5.0'));
  expect(await hostKernel('5.0', dir)).toMatchObject({ name: 'host', release: '5.0' });
  const boot = await put('boot/vmlinuz-5.0', fakeKernel('5.0'));
  await put('lib/modules/5.0/modules.builtin', 'kernel/x.ko\n');
  expect(await hostKernel('5.0', dir)).toMatchObject({ vmlinuzPath: boot, builtin: new Set(['x']) });
});

it('takes the kernel of a system below a directory: the one that runs, or the newest', async () => {
  await expect(kernelBelow(dir)).rejects.toMatchObject({ code: 'LMP-809', where: dir });
  await put('boot/vmlinuz-6.9.0', fakeKernel('6.9.0'));
  await put('boot/vmlinuz-6.10.0', fakeKernel('6.10.0'));
  await put('boot/vmlinuz.old', 'a link elsewhere');
  const newest = await put('usr/lib/modules/6.11.0/vmlinuz', fakeKernel('6.11.0'));
  expect(await kernelBelow(dir, '5.0')).toMatchObject({ name: 'host', release: '6.11.0', vmlinuzPath: newest });
  expect(await kernelBelow(dir, '6.9.0')).toMatchObject({ release: '6.9.0' });
});
