// SPDX-License-Identifier: GPL-2.0-only
import { GONE, GuestErrno, type GuestPort, type Json } from '@libmultipath/driver-kit';
import type { ValuesArgs } from '../../vocabulary/place-args.js';
import { FIRMWARE } from '../../environment/controller-identity.js';
import { attributeDir } from '../attribute-dir.js';
import type { NvmeGuestWorld } from '../world.js';

/** The version of the emulator or of the target's kernel, whose length the format gives: 8 characters and a newline. */
const stable = (path: string, data: string): string =>
  path.endsWith('/firmware_rev') && /^.{8}\n$/.test(data) ? FIRMWARE : data;

/** Content to the byte; `{ errno }` where it cannot be read; null: there is no such attribute. */
const contentOf = async (port: GuestPort, path: string): Promise<Json> => {
  try {
    return stable(path, (await port.call('file.read', { path, attribute: true })).data);
  } catch (error) {
    if (!(error instanceof GuestErrno)) throw error;
    return GONE.some((errno) => errno === error.errno) ? null : { errno: error.errno };
  }
};

/** Each attribute by its name; null: there is no such directory. */
export const guestValues = async (world: NvmeGuestWorld, { of, attributes }: ValuesArgs): Promise<Json> => {
  const dir = await attributeDir(world, of);
  if (dir === undefined) return null;
  const values: Record<string, Json> = {};
  for (const name of attributes) values[name] = await contentOf(world.port, `${dir}/${name}`);
  return values;
};
