// SPDX-License-Identifier: GPL-2.0-only
import { GuestErrno, type GuestOps, type StopLoadArgs } from '@libmultipath/driver-kit';
import { errors } from '../../errors.js';
import { WINDOW_MS } from '../deadlines.js';
import { loadRecordOf, runningLoad } from '../loads.js';
import type { LoadOutcome, NvmeGuestWorld } from '../world.js';

const judge = (blocks: number, totals: GuestOps['load.stop']['result']): LoadOutcome => ({
  errors: Object.keys(totals.errors).sort(),
  corrupt: totals.corrupt > 0,
  // The first round writes each block once, later ones write the same blocks again.
  verified: totals.completed > 0 && totals.verified === Math.min(blocks, totals.completed),
});

/** Ends the load: what is in flight ends, every block is read back. @throws LMP-228 */
export const guestStopLoad = async (world: NvmeGuestWorld, args: StopLoadArgs): Promise<void> => {
  const record = loadRecordOf(world, args.load);
  try {
    const totals = await world.port.call('load.stop', { load: runningLoad(world, args.load), deadlineMs: WINDOW_MS });
    record.result = judge(record.blocks, totals);
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
