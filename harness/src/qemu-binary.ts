// SPDX-License-Identifier: GPL-2.0-only
import { open } from 'node:fs/promises';
import { execa } from 'execa';
import { fail } from './errors.js';

export const DEFAULT_QEMU = 'qemu-system-x86_64';
const VERSION_TIMEOUT_MS = 20_000;

/** `7.2.22` and the like, asked once for each program. */
const versions = new Map<string, Promise<string>>();

const isMissing = (error: unknown): boolean =>
  typeof error === 'object' && error !== null && 'code' in error && error.code === 'ENOENT';

const askVersion = async (qemuPath: string): Promise<string> => {
  const result = await execa(qemuPath, ['--version'], { reject: false, timeout: VERSION_TIMEOUT_MS, stdin: 'ignore' });
  if (isMissing(result)) {
    throw fail('LMP-701', {
      message: 'QEMU is not installed: expected the program here or in PATH',
      where: qemuPath,
      todo: 'apt-get install --no-install-recommends qemu-system-x86',
    });
  }
  const version = /version (\d+\.\d+(?:\.\d+)?)/.exec(result.stdout)?.[1];
  if (version === undefined) {
    throw fail('LMP-702', {
      message: `\`${qemuPath} --version\` names no version: ${(result.stderr || result.stdout).slice(0, 400)}`,
      where: qemuPath,
      todo: 'check that this is a working QEMU',
    });
  }
  return version;
};

/**
 * The version of a QEMU.
 * @throws LMP-701 not installed, LMP-702 no QEMU
 */
export const qemuVersion = (qemuPath: string = DEFAULT_QEMU): Promise<string> => {
  const known = versions.get(qemuPath);
  if (known !== undefined) return known;
  const asked = askVersion(qemuPath);
  versions.set(qemuPath, asked);
  // A failure is not kept: the package may be installed meanwhile.
  asked.catch(() => versions.delete(qemuPath));
  return asked;
};

const HEADER_BYTES = 0x206;

/**
 * Looks at the boot header, because QEMU starts anything and then waits in silence.
 * @throws LMP-705 unreadable or no kernel
 */
export const checkKernelFile = async (path: string): Promise<void> => {
  const refuse = (found: string, cause?: unknown): Error =>
    fail('LMP-705', {
      message: `expected a bootable x86 kernel (bzImage), found ${found}`,
      where: path,
      todo: 'give the bzImage (arch/x86/boot/bzImage, /boot/vmlinuz-…)',
      cause,
    });
  const header = Buffer.alloc(HEADER_BYTES);
  let bytesRead: number;
  try {
    const file = await open(path, 'r');
    try {
      ({ bytesRead } = await file.read(header, 0, HEADER_BYTES, 0));
    } finally {
      await file.close();
    }
  } catch (error) {
    throw refuse(error instanceof Error ? error.message : String(error), error);
  }
  const isElf = header.subarray(0, 4).toString('latin1') === '\u007fELF';
  const isBzImage = bytesRead === HEADER_BYTES && header.subarray(0x202, 0x206).toString('latin1') === 'HdrS';
  if (!isElf && !isBzImage) throw refuse(bytesRead < HEADER_BYTES ? `a file of ${bytesRead} bytes` : 'no boot header');
};
