// SPDX-License-Identifier: GPL-2.0-only
import { GuestErrno, type NoArgs } from '@libmultipath/driver-kit';
import { errors } from '../../errors.js';
import { WINDOW_MS } from '../deadlines.js';
import { findHead } from '../disks.js';
import type { NvmeGuestWorld } from '../world.js';

/** Waits until the head disk is gone, its node too. @throws LMP-228 it stays */
export const guestAwaitRemoval = async (world: NvmeGuestWorld, _args: NoArgs): Promise<void> => {
  await world.trace.mark({ kind: 'begin', step: 'await-removal', subject: '-' });
  const head = await findHead(world);
  if (head === undefined) return;
  const all = [head.dir, `/dev/${head.name}`].map((path) => ({ path, is: 'absent' as const }));
  try {
    await world.port.call('wait.until', { all, deadlineMs: WINDOW_MS });
  } catch (cause) {
    if (!(cause instanceof GuestErrno)) throw cause;
    throw errors.fail('LMP-228', {
      message: `the head ${head.name} is not removed: ${cause.message}`,
      where: head.dir,
      cause,
    });
  }
};
