// SPDX-License-Identifier: GPL-2.0-only
import { mkdtemp, readFile, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import type { VmSpec } from '@libmultipath/contract';
import { buildImage, cacheDirOf, resolveKernel, type BuiltImage, type Kernel } from '@libmultipath/vm-images';
import { afterEach, beforeAll, describe, expect, it } from 'vitest';
import { chooseAccelerator, type Accelerator } from './accelerator.js';
import { bootVm } from './boot-vm.js';
import { endAllVms } from './live-vms.js';
import { sweepStaleRunDirs } from './run-dir.js';
import { goneWithin, runs, startParent } from './testing/parent-process.js';
import type { BootOptions, Vm } from './vm.js';

const cacheDir = cacheDirOf(process.env);

const MEMORY_MIB = 256;

const plain: VmSpec = {
  nodes: [{ cpus: 1, memoryMiB: MEMORY_MIB }],
  ports: [],
  blocks: [],
  devices: [],
  modules: [],
  kernelArgs: [],
};

let kernel: Kernel;
let image: BuiltImage;
let accelerator: Accelerator;

beforeAll(async () => {
  kernel = await resolveKernel({ kind: 'name', name: '7.3' }, { cacheDir });
  image = await buildImage({ kernel, modules: [], cacheDir });
  accelerator = await chooseAccelerator({ kernel, image, cacheDir });
});
afterEach(endAllVms);

const options = (more: Partial<BootOptions> = {}): BootOptions => ({
  kernel: { vmlinuzPath: kernel.vmlinuzPath },
  image: { path: image.path },
  spec: plain,
  accelerator: accelerator.name,
  ...more,
});

const boot = (more: Partial<BootOptions> = {}): Promise<Vm> => bootVm(options(more));

const rejection = async (work: Promise<unknown>): Promise<unknown> => {
  try {
    return await work;
  } catch (error) {
    return error;
  }
};

const ownRunDirs = async (): Promise<string[]> =>
  (await readdir(tmpdir())).filter((name) => name.startsWith('mpath-vm-') && name.includes(`-${process.pid}-`));

const WARN = [
  '<4>------------[ cut here ]------------\n',
  '<4>WARNING: drivers/toy/toy.c:210 at toy_put+0x31/0x40, CPU#0: init/1\n',
  '<4>---[ end trace 0000000000000000 ]---\n',
];

const warn = async (vm: Vm): Promise<void> => {
  for (const data of WARN) await vm.port.call('file.write', { path: '/dev/kmsg', data });
};

describe('a real kernel', () => {
  it('boots to ready, answers, declares a meant WARNING, and powers off with nothing left behind', async () => {
    const vm = await boot();
    expect(vm.banner).toMatchObject({ release: kernel.release, accelerator: accelerator.name });
    expect(vm.port.hello.release).toBe(kernel.release);
    const { data } = await vm.port.call('file.read', { path: '/proc/sys/kernel/osrelease' });
    expect(data).toBe(`${kernel.release}\n`);
    await expect(vm.port.call('file.read', { path: '/no/such' })).rejects.toMatchObject({ errno: 'ENOENT' });
    const reads = Array.from({ length: 50 }, (_, index) =>
      vm.port.call('file.stat', { path: index % 2 ? '/proc' : '/none' }),
    );
    expect((await Promise.all(reads)).map(({ kind }) => kind)).toEqual(
      Array.from({ length: 50 }, (_, n) => (n % 2 ? 'dir' : 'absent')),
    );
    const expected = vm.expectFault({ kind: 'warning', pattern: /toy_put/ });
    await warn(vm);
    await expect(expected.seen).resolves.toMatchObject({ kind: 'warning', expected: true });
    const end = await vm.close();
    expect(end).toMatchObject({ how: 'poweroff', exitCode: 0, unmetExpectations: [] });
    expect(end.faults).toHaveLength(1);
    expect(runs(vm.pid)).toBe(false);
    expect(await ownRunDirs()).toEqual([]);
  });

  it('that prints a WARNING nobody meant is a kernel fault with the lines of the report', async () => {
    const vm = await boot();
    await rejection(warn(vm));
    const error = await vm.failure;
    expect(error).toMatchObject({ code: 'LMP-720', fault: { kind: 'warning', expected: false } });
    expect(error.message).toContain('toy_put+0x31/0x40');
    await expect(vm.port.call('hello', {})).rejects.toBe(error);
    await vm.close();
  });

  it('that panics is a kernel fault with the panic’s own lines, and QEMU ends', async () => {
    const vm = await boot();
    const error = await rejection(vm.port.call('file.write', { path: '/proc/sysrq-trigger', data: 'c' }));
    expect(error).toMatchObject({
      code: 'LMP-720',
      fault: { kind: 'panic', headline: 'Kernel panic - not syncing: sysrq triggered crash' },
    });
    expect(String(error)).toContain('Call Trace');
    await vm.close();
    expect(runs(vm.pid)).toBe(false);
    expect(await ownRunDirs()).toEqual([]);
  });

  it('that runs out of memory is told from a fault of it', async () => {
    const vm = await boot();
    await vm.port.call('dir.make', { path: '/full' });
    await vm.port.call('mount', { source: 'none', target: '/full', fstype: 'tmpfs', data: 'size=1G' });
    await vm.port.call('file.write', { path: '/full/file', data: '', create: true });
    const lengthBytes = 32 << 20;
    // More than the machine has, in a file that nothing can be written back from.
    const fill = async (): Promise<void> => {
      const { fd } = await vm.port.call('open', { path: '/full/file', flags: ['RDWR'] });
      for (let offsetBytes = 0; offsetBytes < (2 * MEMORY_MIB) << 20; offsetBytes += lengthBytes) {
        const { job } = await vm.port.call('io.start', { fd, kind: 'pwrite', offsetBytes, lengthBytes });
        await vm.port.call('io.wait', { job, deadlineMs: 60_000 });
      }
    };
    const error = await rejection(fill());
    expect(error).toMatchObject({ code: 'LMP-721', fault: { kind: 'out-of-memory', expected: false } });
    await expect(vm.failure).resolves.toBe(error);
    await vm.close();
    expect(runs(vm.pid)).toBe(false);
    expect(await ownRunDirs()).toEqual([]);
  });

  it('that hangs is given up at the deadline of a call, and ended', async () => {
    const vm = await boot({ timeouts: { slackMs: 500 } });
    const stopped = vm.qmp.next('STOP');
    await vm.qmp.execute('stop');
    await stopped;
    await expect(vm.qmp.execute('query-status')).resolves.toMatchObject({ running: false });
    const error = await rejection(vm.port.call('hello', {}, { deadlineMs: 500 }));
    expect(error).toMatchObject({ code: 'LMP-712', message: expect.stringContaining('hello') });
    expect((await vm.close()).how).toBe('quit');
    expect(runs(vm.pid)).toBe(false);
  });

  it('ends when its parent is killed, even while it hangs', async () => {
    const parent = await startParent(options(), { MPATH_TEST_STOP: '1' });
    expect(runs(parent.qemuPid)).toBe(true);
    parent.kill('SIGKILL');
    await parent.ended;
    // A stopped guest does nothing, not even notice that the host has closed its port.
    expect(await goneWithin(parent.qemuPid, 10_000)).toBe(true);
    expect((await sweepStaleRunDirs()).map((path) => basename(path))).toContain(basename(parent.runDir));
  });

  it('runs twice side by side; nodes, ports and blocks are what the spec says', async () => {
    const spec: VmSpec = {
      ...plain,
      nodes: [
        { cpus: 1, memoryMiB: 256 },
        { cpus: 1, memoryMiB: 256 },
      ],
      distances: [{ from: 0, to: 1, distance: 30 }],
      ports: [
        { id: 'rp0', node: 0 },
        { id: 'rp1', node: 1 },
      ],
      blocks: [{ id: 'd0', sizeBytes: 8 << 20 }],
      devices: [{ driver: 'virtio-blk-pci', props: { id: 'v0', bus: 'rp1', drive: 'd0' } }],
    };
    const [one, two] = await Promise.all([boot({ spec }), boot({ keep: true })]);
    const { keptDir } = await two.close();
    expect(await readFile(join(keptDir ?? '', 'console.log'), 'latin1')).toContain('reboot: Power down');
    await rm(keptDir ?? '', { recursive: true });
    const read = async (path: string): Promise<string> => (await one.port.call('file.read', { path })).data.trim();
    expect(await read('/sys/devices/system/node/online')).toBe('0-1');
    expect(await read('/sys/devices/system/node/node0/distance')).toBe('10 30');
    const pci = await one.qmp.execute('query-pci');
    expect(JSON.stringify(pci)).toContain('"qdev_id":"v0"');
    const { names } = await one.port.call('dir.list', { path: '/sys/bus/pci/devices' });
    const nodes = new Map<string, string>();
    for (const name of names) {
      if ((await read(`/sys/bus/pci/devices/${name}/class`)) === '0x010000') {
        nodes.set(name, await read(`/sys/bus/pci/devices/${name}/numa_node`));
      }
    }
    expect([...nodes.values()]).toEqual(['1']);
    await one.close();
    expect(await ownRunDirs()).toEqual([]);
  });
});

describe('what cannot boot', () => {
  it('a header with nothing behind it is given up at the boot deadline, with advice', async () => {
    const dir = await mkdtemp(join(tmpdir(), 'mpath-t-'));
    try {
      // The boot header of the real kernel, and no kernel: nothing will ever come from it.
      const bytes = await readFile(kernel.vmlinuzPath);
      const path = join(dir, 'bzImage');
      await writeFile(
        path,
        Buffer.concat([bytes.subarray(0, 64 << 10), Buffer.alloc(bytes.length - (64 << 10), 0xf4)]),
      );
      const error = await rejection(boot({ kernel: { vmlinuzPath: path }, timeouts: { bootMs: 8_000 } }));
      // An emulated processor resets over the rubbish; another may spin.
      expect(error).toMatchObject({ code: expect.stringMatching(/^LMP-70[24]$/) });
      expect(String((error as { todo?: string }).todo)).toContain('x86-64');
      expect(await ownRunDirs()).toEqual([]);
    } finally {
      await rm(dir, { recursive: true });
    }
  });

  it('a device QEMU does not know is reported in QEMU’s words', async () => {
    const spec: VmSpec = { ...plain, devices: [{ driver: 'no-such-device', props: {} }] };
    const error = await rejection(boot({ spec }));
    expect(error).toMatchObject({ code: 'LMP-702', message: expect.stringContaining('no-such-device') });
    expect(await ownRunDirs()).toEqual([]);
  });
});
