// SPDX-License-Identifier: GPL-2.0-only
import { tryWrite } from '@libmultipath/driver-kit';
import type { PathArgs } from '../../vocabulary/args.js';
import { ATTACH_MS } from '../deadlines.js';
import { deviceDir, nexusOf, type ScsiGuestWorld } from '../world.js';

/** Writes `rescan`; a device that is not running is not looked at, and that is no error. */
export const guestRescan = async (world: ScsiGuestWorld, { path }: PathArgs): Promise<void> => {
  await tryWrite(world.port, `${deviceDir(nexusOf(world, path))}/rescan`, '1\n', ATTACH_MS);
};
