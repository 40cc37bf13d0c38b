// SPDX-License-Identifier: GPL-2.0-only
import { open } from 'node:fs/promises';
import { errnoName } from './cache-guard.js';
import { vmImagesErrors } from './errors.js';

/** Bytes that hold the setup header and, in practice, the version string. */
const HEAD_BYTES = 68 * 1024;
const BOOT_FLAG_AT = 0x1fe;
const SIGNATURE_AT = 0x202;
const VERSION_POINTER_AT = 0x20e;
const VERSION_BASE = 0x200;

/**
 * The release in the head of a bzImage (Documentation/arch/x86/boot.rst, `kernel_version`);
 * undefined when it is none.
 */
export const releaseOfHead = (head: Buffer): string | undefined => {
  if (head.length < VERSION_POINTER_AT + 2) return undefined;
  if (head.readUInt16LE(BOOT_FLAG_AT) !== 0xaa55) return undefined;
  if (head.toString('latin1', SIGNATURE_AT, SIGNATURE_AT + 4) !== 'HdrS') return undefined;
  const pointer = head.readUInt16LE(VERSION_POINTER_AT);
  if (pointer === 0) return undefined;
  const from = VERSION_BASE + pointer;
  const end = head.indexOf(0, from);
  if (end < 0 || end - from > 512) return undefined;
  const release = head.toString('latin1', from, end).split(' ')[0];
  return release === undefined || release === '' ? undefined : release;
};

/**
 * @throws LMP-805 the file is no bzImage, LMP-809 it cannot be read.
 */
export const readRelease = async (path: string): Promise<string> => {
  let head: Buffer;
  try {
    const file = await open(path, 'r');
    try {
      const { buffer, bytesRead } = await file.read(Buffer.alloc(HEAD_BYTES), 0, HEAD_BYTES, 0);
      head = buffer.subarray(0, bytesRead);
    } finally {
      await file.close();
    }
  } catch (error) {
    throw vmImagesErrors.fail('LMP-809', {
      message: `a kernel image is expected (${errnoName(error) ?? 'unreadable'})`,
      where: path,
      todo: 'give the path of a bzImage this user can read',
      cause: error,
    });
  }
  const release = releaseOfHead(head);
  if (release === undefined) {
    throw vmImagesErrors.fail('LMP-805', {
      message: 'an x86 bzImage with the signature "HdrS" is expected',
      where: path,
      todo: 'give arch/x86/boot/bzImage of a kernel build, or a /boot/vmlinuz-RELEASE',
    });
  }
  return release;
};
