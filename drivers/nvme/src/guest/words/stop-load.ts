// SPDX-License-Identifier: GPL-2.0-only
import { GuestErrno, stopLoad, type StopLoadArgs } from '@libmultipath/driver-kit';
import { errors } from '../../errors.js';
import { WINDOW_MS } from '../deadlines.js';
import { loadRecordOf, runningLoad } from '../loads.js';
import type { NvmeGuestWorld } from '../world.js';

/** Ends the load: what is in flight ends, every block is read back. @throws LMP-228 */
export const guestStopLoad = async (world: NvmeGuestWorld, args: StopLoadArgs): Promise<void> => {
  const record = loadRecordOf(world, args.load);
  try {
    const running = { load: runningLoad(world, args.load), blocks: record.blocks };
    record.result = await stopLoad(world.port, running, WINDOW_MS);
    record.load = undefined;
  } catch (cause) {
    if (!(cause instanceof GuestErrno)) throw cause;
    throw errors.fail('LMP-228', {
      message: `the load ${args.load} does not end: ${cause.message}`,
      where: `load ${args.load}`,
      cause,
    });
  }
  await world.trace.mark({ kind: 'end', step: 'load', subject: args.load });
};
