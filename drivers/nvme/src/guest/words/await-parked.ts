// SPDX-License-Identifier: GPL-2.0-only
import { type PendingReadArgs } from '@libmultipath/driver-kit';
import { TRANSFER_MS } from '../deadlines.js';
import { readRecordOf } from '../reads.js';
import { SUBMITTED } from '../trace/probes.js';
import { remapOf } from '../trace/remap.js';
import type { NvmeGuestWorld } from '../world.js';

/**
 * Waits until the head has taken the read and given it to no path. A read that ends instead
 * ends the wait too: its result then tells.
 * @throws LMP-228 neither happened
 */
export const guestAwaitParked = async (world: NvmeGuestWorld, args: PendingReadArgs): Promise<void> => {
  const { pending, sectors } = readRecordOf(world, args.read);
  if (pending === undefined) return;
  await world.trace.until(`the read ${args.read} to be parked`, TRANSFER_MS, async (records) => {
    const submitted = records.some((record) => record.event === SUBMITTED.event && record.pid === pending.tid);
    const remapped = records.some((record) => sectors.includes(remapOf(record)?.sector ?? -1));
    return (submitted && !remapped) || (await world.port.call('io.poll', { job: pending.job })).done;
  });
  await world.trace.enable(SUBMITTED, false);
};
