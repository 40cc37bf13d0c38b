// SPDX-License-Identifier: GPL-2.0-only
import { type AwaitProgressArgs, GuestErrno } from '@libmultipath/driver-kit';
import { errors } from '../../errors.js';
import { TRANSFER_MS } from '../deadlines.js';
import { runningLoad } from '../loads.js';
import type { NvmeGuestWorld } from '../world.js';

/** Waits until so many more requests of the load have ended. @throws LMP-228 */
export const guestAwaitProgress = async (world: NvmeGuestWorld, args: AwaitProgressArgs): Promise<void> => {
  const load = runningLoad(world, args.load);
  const { completed } = await world.port.call('load.poll', { load });
  try {
    await world.port.call('load.wait', { load, blocks: completed + args.blocks, deadlineMs: TRANSFER_MS });
  } catch (cause) {
    if (!(cause instanceof GuestErrno)) throw cause;
    throw errors.fail('LMP-228', {
      message: `the load ${args.load} does not go on: ${cause.message}`,
      where: `load ${args.load}`,
      cause,
    });
  }
};
