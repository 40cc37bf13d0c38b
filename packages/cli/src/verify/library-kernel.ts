// SPDX-License-Identifier: GPL-2.0-only
import type { GuestPort } from '@libmultipath/contract';
import { errors } from '../errors.js';

/** A function that every revision of the library exports, and no kernel without it has. */
const EXPORTED = 'mpath_add_device';
const KALLSYMS_BYTES = 16 * 1024 * 1024;

/**
 * Makes sure that the guest's kernel has libmultipath before it is compared with a revision of it.
 * @throws LMP-917 it has not: what it does says nothing about the library
 */
export const requireLibrary = async (port: GuestPort): Promise<void> => {
  const { data } = await port.call(
    'file.read',
    { path: '/proc/kallsyms', maxBytes: KALLSYMS_BYTES },
    { deadlineMs: 60_000 },
  );
  if (new RegExp(`\\b${EXPORTED}\\b`).test(data)) return;
  throw errors.fail('LMP-917', {
    message: `expected ${EXPORTED} in /proc/kallsyms, found none of that name`,
    where: `Linux ${port.hello.release}`,
    todo: 'build the series into the kernel (docs/build-a-series.md), or leave --revision out',
  });
};
