// SPDX-License-Identifier: GPL-2.0-only
import { type PendingReadArgs } from '@libmultipath/driver-kit';
import { TRANSFER_MS } from '../deadlines.js';
import { readRecordOf } from '../reads.js';
import { remapOf } from '../trace/remap.js';
import type { NvmeGuestWorld } from '../world.js';

/** Waits until the head has sent the read to a path. @throws LMP-228 it has not */
export const guestAwaitSent = async (world: NvmeGuestWorld, args: PendingReadArgs): Promise<void> => {
  const { sectors } = readRecordOf(world, args.read);
  await world.trace.until(`the read ${args.read} to be sent to a path`, TRANSFER_MS, (records) =>
    records.some((record) => sectors.includes(remapOf(record)?.sector ?? -1)),
  );
};
