// SPDX-License-Identifier: GPL-2.0-only
import { tryWrite } from '@libmultipath/driver-kit';
import { errors } from '../../errors.js';
import type { PathArgs } from '../../vocabulary/args.js';
import { ATTACH_MS } from '../deadlines.js';
import { deviceDir, nexusOf, type ScsiGuestWorld } from '../world.js';

/** Writes `activate` to `dh_state`. @throws LMP-263 the kernel refuses: no handler */
export const guestActivate = async (world: ScsiGuestWorld, { path }: PathArgs): Promise<void> => {
  const file = `${deviceDir(nexusOf(world, path))}/dh_state`;
  const result = await tryWrite(world.port, file, 'activate\n', ATTACH_MS);
  if (result !== 'ok') throw errors.fail('LMP-263', { message: `${path}: activate gave ${result}`, where: file });
};
