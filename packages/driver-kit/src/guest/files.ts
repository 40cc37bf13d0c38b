// SPDX-License-Identifier: GPL-2.0-only
import { GuestErrno, type GuestPort } from '@libmultipath/contract';

/** The answer of `call`, or `undefined` when it ended with one of `errnos`. */
export const unless = async <T>(call: Promise<T>, ...errnos: readonly string[]): Promise<T | undefined> => {
  try {
    return await call;
  } catch (error) {
    if (error instanceof GuestErrno && errnos.includes(error.errno)) return undefined;
    throw error;
  }
};

/**
 * What a kernel says when an object goes away between the look at its directory and the
 * look at its attribute: the name is gone, or the device behind an open attribute is.
 */
export const GONE = ['ENOENT', 'ENODEV', 'ENXIO'] as const;

/** Names in a directory; none when there is no such directory. */
export const namesIn = async (port: GuestPort, path: string): Promise<readonly string[]> =>
  (await unless(port.call('dir.list', { path }), ...GONE))?.names ?? [];

/** Exact content, or `undefined` when there is no such file. */
export const contentOf = async (port: GuestPort, path: string): Promise<string | undefined> =>
  (await unless(port.call('file.read', { path }), ...GONE))?.data;

/** Content without the newline that ends an attribute, or `undefined` when there is no such file. */
export const attributeOf = async (port: GuestPort, path: string): Promise<string | undefined> =>
  (await contentOf(port, path))?.replace(/\n$/, '');

/** Writes an attribute: `ok`, or the errno name with which the kernel refused. */
export const tryWrite = async (port: GuestPort, path: string, data: string, deadlineMs: number): Promise<string> => {
  try {
    await port.call('file.write', { path, data }, { deadlineMs });
    return 'ok';
  } catch (error) {
    if (error instanceof GuestErrno) return error.errno;
    throw error;
  }
};
