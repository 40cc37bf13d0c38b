// SPDX-License-Identifier: GPL-2.0-only
import { access, mkdtemp, readFile, readdir, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { isLmpError } from '@libmultipath/errors';
import { afterAll, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';
import { bootVm } from './boot-vm.js';
import { endAllVms, liveVmCount } from './live-vms.js';
import { runs } from './testing/parent-process.js';
import { makeScratch, type Scratch } from './testing/scratch.js';
import type { BootOptions, Vm } from './vm.js';

let scratch: Scratch;

beforeAll(async () => {
  scratch = await makeScratch();
});
afterAll(() => rm(scratch.dir, { recursive: true, force: true }));
beforeEach(async () => {
  // A directory of its own shows what a machine leaves behind.
  vi.stubEnv('TMPDIR', await mkdtemp(join(scratch.dir, 't-')));
});

const boot = (part: string, more: Partial<BootOptions> = {}): Promise<Vm> => bootVm(scratch.options(part, more));

const leftovers = (): Promise<string[]> => readdir(process.env['TMPDIR'] ?? '');

const rejection = async (work: Promise<unknown>): Promise<unknown> => {
  try {
    return await work;
  } catch (error) {
    return error;
  }
};

// setpriv and its death signal are Linux's, as are the machines themselves.
describe.runIf(process.platform === 'linux')('a machine', () => {
  it('boots, answers, and ends by the guest’s power-off, with nothing left behind', async () => {
    const lines: string[] = [];
    const vm = await boot('good', { onConsole: (line) => lines.push(line) });
    expect(vm.banner).toMatchObject({ release: '9.9.9-fake', accelerator: 'tcg', qemu: '9.8.7' });
    expect(vm.banner.bootSeconds).toBeGreaterThan(0);
    await expect(vm.port.call('file.read', { path: '/x' })).resolves.toEqual({ data: '/x' });
    await expect(vm.port.call('file.read', { path: '/absent' })).rejects.toMatchObject({ errno: 'ENOENT' });
    await expect(vm.qmp.execute('query-status')).resolves.toMatchObject({ running: true });
    await access(join(vm.runDir, 'd0.img'));
    const end = await vm.close();
    expect(end).toMatchObject({ how: 'poweroff', exitCode: 0, faults: [], unmetExpectations: [], keptDir: undefined });
    expect(await vm.close()).toBe(end);
    expect(runs(vm.pid)).toBe(false);
    expect(await leftovers()).toEqual([]);
    expect(liveVmCount()).toBe(0);
    expect(lines).toEqual(['[    0.000000] Linux version 9.9.9-fake']);
    await expect(vm.port.call('hello', {})).rejects.toMatchObject({ code: 'LMP-740' });
  });

  it('ends by QMP quit when the guest does not power off, or when it should be fast', async () => {
    const slow = await boot('no-poweroff', { timeouts: { poweroffMs: 50 } });
    expect((await slow.close()).how).toBe('quit');
    const fast = await boot('good');
    expect((await fast.close({ fast: true })).how).toBe('quit');
  });

  it('ends by SIGKILL when nothing else helps', async () => {
    const vm = await boot('stubborn', { timeouts: { poweroffMs: 30, quitMs: 30, termMs: 30 } });
    const end = await vm.close();
    expect(end).toMatchObject({ how: 'sigkill', signal: 'SIGKILL' });
    expect(runs(vm.pid)).toBe(false);
    expect(await leftovers()).toEqual([]);
  });

  it('keeps the run directory when asked', async () => {
    const vm = await boot('good', { keep: true });
    const { keptDir } = await vm.close();
    expect(keptDir).toMatch(/mpath-kept-/);
    expect(await leftovers()).toHaveLength(1);
  });

  it('two at once share no path', async () => {
    const [one, two] = await Promise.all([boot('good'), boot('good')]);
    expect(one.runDir).not.toBe(two.runDir);
    await one.close();
    await expect(two.port.call('file.read', { path: '/still' })).resolves.toEqual({ data: '/still' });
    await two.close();
    expect(await leftovers()).toEqual([]);
  });

  it('that panics rejects the waiting call as a kernel fault, with the lines', async () => {
    const vm = await boot('panic');
    const error = await rejection(vm.port.call('file.write', { path: '/proc/sysrq-trigger', data: 'c' }));
    expect(error).toMatchObject({ code: 'LMP-720', fault: { kind: 'panic', expected: false } });
    expect(String(error)).toContain('  | [    2.000002] CPU: 0 PID: 1 Comm: init');
    expect(vm.failed).toBe(error);
    await expect(vm.failure).resolves.toBe(error);
    const end = await vm.close();
    // The console may close before the end of the process is known.
    expect(['gone', 'quit']).toContain(end.how);
    expect(end.faults).toHaveLength(1);
  });

  it('that panics as expected is a guest that ended, and the fault is on record', async () => {
    const vm = await boot('panic');
    const expected = vm.expectFault({ kind: 'panic' });
    const error = await rejection(vm.port.call('file.write', { path: '/proc/sysrq-trigger', data: 'c' }));
    expect(error).toMatchObject({ code: 'LMP-703' });
    await expect(expected.seen).resolves.toMatchObject({ kind: 'panic', expected: true });
    expect((await vm.close()).unmetExpectations).toEqual([]);
  });

  it.each([
    ['garbage', 'LMP-711', 10_000],
    ['dies', 'LMP-703', 10_000],
    ['channel', 'LMP-710', 10_000],
    ['hang', 'LMP-712', 50],
  ])('with a guest of the kind "%s" rejects the call with %s and ends', async (part, code, slackMs) => {
    const vm = await boot(part, { timeouts: { callMs: 50, slackMs, poweroffMs: 300 } });
    await expect(vm.port.call('file.write', { path: '/x', data: '' })).rejects.toMatchObject({ code });
    await vm.close();
    expect(runs(vm.pid)).toBe(false);
    expect(await leftovers()).toEqual([]);
  });
});

describe.runIf(process.platform === 'linux')('a boot that fails leaves nothing behind:', () => {
  const cases: [name: string, code: string, says: RegExp, more: Partial<BootOptions>][] = [
    ['exit', 'LMP-702', /exit code 1.*not a valid device model name/s, {}],
    ['silent', 'LMP-704', /did not answer within 300 ms.*Linux version 9.9.9-fake/s, { timeouts: { bootMs: 300 } }],
    ['early-panic', 'LMP-720', /sysrq triggered crash/, {}],
  ];
  it.each(cases)('%s gives %s', async (part, code, says, more) => {
    const error = await rejection(boot(part, more));
    expect(error).toMatchObject({ code, message: expect.stringMatching(says) });
    expect(await leftovers()).toEqual([]);
    expect(liveVmCount()).toBe(0);
  });

  it('no QEMU names the package', async () => {
    const error = await rejection(boot('good', { qemuPath: join(scratch.dir, 'no-such-qemu') }));
    expect(isLmpError(error) && error.format()).toMatch(/LMP-701.*qemu-system-x86/s);
  });

  it('a file that is no kernel says so before anything starts', async () => {
    await writeFile(join(scratch.dir, 'text'), 'not a kernel '.repeat(100));
    await expect(boot('good', { kernel: { vmlinuzPath: join(scratch.dir, 'text') } })).rejects.toMatchObject({
      code: 'LMP-705',
    });
    await expect(boot('good', { kernel: { vmlinuzPath: join(scratch.dir, 'none') } })).rejects.toThrow(/ENOENT/);
  });

  it('a disk too small for the blocks', async () => {
    const { spec } = scratch.options('good');
    const huge = { ...spec, blocks: [{ id: 'd0', sizeBytes: 2 ** 50 }] };
    await expect(boot('good', { spec: huge })).rejects.toMatchObject({ code: 'LMP-708' });
    expect(await leftovers()).toEqual([]);
  });

  it('a temporary directory that cannot be written, or is too deep for a socket', async () => {
    vi.stubEnv('TMPDIR', join(scratch.dir, 'bzImage'));
    await expect(boot('good')).rejects.toMatchObject({ code: 'LMP-707' });
    vi.stubEnv('TMPDIR', join(scratch.dir, 'd'.repeat(90)));
    await expect(boot('good')).rejects.toMatchObject({ code: 'LMP-709' });
  });

  it('an abort while it waits for the guest', async () => {
    const controller = new AbortController();
    const booting = rejection(boot('silent', { signal: controller.signal, onConsole: () => controller.abort() }));
    expect(await booting).toMatchObject({ code: 'LMP-740' });
    expect(await leftovers()).toEqual([]);
  });

  it('endAllVms() during a boot and beside a running machine', async () => {
    const running = await boot('good');
    let sayBooting = (): void => {};
    const booting = new Promise<void>((resolve) => {
      sayBooting = resolve;
    });
    const failed = rejection(boot('silent', { onConsole: () => sayBooting() }));
    const call = rejection(running.port.call('file.write', { path: '/x', data: '' }));
    await booting;
    await endAllVms();
    expect(await failed).toMatchObject({ code: 'LMP-740' });
    expect(await call).toMatchObject({ code: 'LMP-740' });
    expect(runs(running.pid)).toBe(false);
    expect(await leftovers()).toEqual([]);
  });
});

it('the catalogue’s numbers are the harness’s own', async () => {
  const { harnessErrors } = await import('./errors.js');
  for (const code of Object.keys(harnessErrors)) expect(code).toMatch(/^LMP-7\d\d$/);
  const source = await readFile(fileURLToPath(new URL('errors.ts', import.meta.url)), 'utf8');
  expect(source.match(/'LMP-7\d\d': \{/g)).toHaveLength(Object.keys(harnessErrors).length);
});
