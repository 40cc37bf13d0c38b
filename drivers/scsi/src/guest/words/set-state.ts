// SPDX-License-Identifier: GPL-2.0-only
import { tryWrite } from '@libmultipath/driver-kit';
import { errors } from '../../errors.js';
import type { SetStateArgs } from '../../vocabulary/args.js';
import { ATTACH_MS } from '../deadlines.js';
import { deviceDir, nexusOf, type ScsiGuestWorld } from '../world.js';

/** Writes `state`. @throws LMP-263 the kernel refuses, and no label keeps that */
export const guestSetState = async (world: ScsiGuestWorld, { path, state, as }: SetStateArgs): Promise<void> => {
  const file = `${deviceDir(nexusOf(world, path))}/state`;
  const result = await tryWrite(world.port, file, `${state}\n`, ATTACH_MS);
  if (as !== undefined) world.session.tries.set(as, result);
  else if (result !== 'ok') {
    throw errors.fail('LMP-263', { message: `${path}: ${state} was refused with ${result}`, where: file });
  }
};
