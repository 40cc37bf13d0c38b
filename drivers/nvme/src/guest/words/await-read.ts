// SPDX-License-Identifier: GPL-2.0-only
import { type PendingReadArgs } from '@libmultipath/driver-kit';
import { WINDOW_MS } from '../deadlines.js';
import { awaitJob, readRecordOf } from '../reads.js';
import { SUBMITTED } from '../trace/probes.js';
import type { NvmeGuestWorld } from '../world.js';

/** Waits until a read that was started has ended. @throws LMP-228 */
export const guestAwaitRead = async (world: NvmeGuestWorld, args: PendingReadArgs): Promise<void> => {
  const record = readRecordOf(world, args.read);
  const { pending } = record;
  if (pending === undefined) return;
  record.results.push(await awaitJob(world.port, pending.job, WINDOW_MS, args.read));
  record.pending = undefined;
  await world.port.call('close', { fd: pending.fd });
  await world.trace.enable(SUBMITTED, false);
};
