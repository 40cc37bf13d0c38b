// SPDX-License-Identifier: GPL-2.0-only
import { tryWrite } from '@libmultipath/driver-kit';
import type { TryWriteArgs } from '../../vocabulary/place-args.js';
import { attributeDir } from '../attribute-dir.js';
import { DETACH_MS } from '../deadlines.js';
import type { NvmeGuestWorld } from '../world.js';

/** Writes the attribute and keeps the result under `as`, for `result-of`. */
export const guestTryWrite = async (world: NvmeGuestWorld, args: TryWriteArgs): Promise<void> => {
  const dir = await attributeDir(world, args.of);
  const result =
    dir === undefined ? 'ENOENT' : await tryWrite(world.port, `${dir}/${args.attribute}`, args.value, DETACH_MS);
  world.session.tries.set(args.as, result);
};
