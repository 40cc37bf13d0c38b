// SPDX-License-Identifier: GPL-2.0-only
import { GuestErrno, type GuestPort } from '@libmultipath/driver-kit';

/** The answer of `call`, or undefined when it ended with one of `errnos`. */
export const unless = async <T>(call: Promise<T>, ...errnos: readonly string[]): Promise<T | undefined> => {
  try {
    return await call;
  } catch (error) {
    if (error instanceof GuestErrno && errnos.includes(error.errno)) return undefined;
    throw error;
  }
};

/** The name, or the device behind it, is gone. */
const GONE = ['ENOENT', 'ENODEV', 'ENXIO'] as const;

/** Names in a directory; none when there is no such directory. */
export const namesIn = async (port: GuestPort, path: string): Promise<readonly string[]> =>
  (await unless(port.call('dir.list', { path }), ...GONE))?.names ?? [];

/** Content without the newline that ends an attribute, or undefined: no such file. */
export const attributeOf = async (port: GuestPort, path: string): Promise<string | undefined> =>
  (await unless(port.call('file.read', { path }), ...GONE))?.data.replace(/\n$/, '');
