// SPDX-License-Identifier: GPL-2.0-only
import { LmpError } from '@libmultipath/errors';
import { KernelFaultError } from '@libmultipath/harness';
import { describe, expect, it } from 'vitest';
import { bootAgain } from './boot-again.js';

const fault = (): KernelFaultError =>
  new KernelFaultError({
    kind: 'panic',
    headline: 'Kernel panic - not syncing: Fatal exception',
    lines: [],
    expected: false,
  });

/** Boots that fail with these errors in turn, then give `ready`. */
const failing = (errors: readonly Error[]): { boot: () => Promise<string>; boots: () => number } => {
  let boots = 0;
  return {
    boots: () => boots,
    boot: async () => {
      const error = errors[boots++];
      if (error !== undefined) throw error;
      return 'ready';
    },
  };
};

describe('a guest that faults while it boots', () => {
  it('is booted once more under emulation, and that is said', async () => {
    const { boot, boots } = failing([fault()]);
    const notes: string[] = [];
    await expect(bootAgain('tcg', (text) => notes.push(text), boot)).resolves.toMatchObject({
      vm: 'ready',
      before: { kind: 'fault', detail: expect.stringContaining('Fatal exception') },
    });
    expect(boots()).toBe(2);
    expect(notes).toEqual([expect.stringMatching(/once more: Kernel panic - not syncing: Fatal exception$/)]);
  });

  it('or stands still is booted once more too', async () => {
    const { boot, boots } = failing([new LmpError('LMP-704', { message: 'no answer' })]);
    const notes: string[] = [];
    await expect(bootAgain('tcg', (text) => notes.push(text), boot)).resolves.toMatchObject({
      vm: 'ready',
      before: { kind: 'silent' },
    });
    expect(boots()).toBe(2);
    expect(notes).toEqual([expect.stringContaining('did not come up in time')]);
  });

  it('is not booted again for want of memory, which a second boot would lack too', async () => {
    const lack = new KernelFaultError({
      kind: 'out-of-memory',
      headline: 'Out of memory: Killed process 1 (agent)',
      lines: [],
      expected: false,
    });
    const { boot, boots } = failing([lack]);
    await expect(bootAgain('tcg', () => undefined, boot)).rejects.toMatchObject({ code: 'LMP-721' });
    expect(boots()).toBe(1);
  });

  it('is a fault when it comes again', async () => {
    const { boot, boots } = failing([fault(), fault()]);
    await expect(bootAgain('tcg', () => undefined, boot)).rejects.toBeInstanceOf(KernelFaultError);
    expect(boots()).toBe(2);
  });

  it('is a fault at once on hardware, and so is any other error', async () => {
    const hardware = failing([fault()]);
    await expect(bootAgain('kvm', () => undefined, hardware.boot)).rejects.toBeInstanceOf(KernelFaultError);
    const other = failing([new Error('no QEMU')]);
    await expect(bootAgain('tcg', () => undefined, other.boot)).rejects.toThrow('no QEMU');
    expect([hardware.boots(), other.boots()]).toEqual([1, 1]);
  });
});
