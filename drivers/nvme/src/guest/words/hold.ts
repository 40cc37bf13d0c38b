// SPDX-License-Identifier: GPL-2.0-only
import { type HoldArgs } from '@libmultipath/driver-kit';
import { errors } from '../../errors.js';
import { openHead } from '../reads.js';
import type { NvmeGuestWorld } from '../world.js';

/** Opens the head and keeps the descriptor. @throws LMP-227 */
export const guestHold = async (world: NvmeGuestWorld, args: HoldArgs): Promise<void> => {
  const opened = await openHead(world);
  if ('errno' in opened) {
    throw errors.fail('LMP-227', { message: `the head cannot be opened: ${opened.errno}`, where: `hold ${args.as}` });
  }
  world.session.holds.set(args.as, opened.fd);
};
