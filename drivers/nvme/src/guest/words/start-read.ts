// SPDX-License-Identifier: GPL-2.0-only
import { type StartReadArgs } from '../../vocabulary/args.js';
import { BLOCK_BYTES, nextOffsetBytes, openHead, sectorOf } from '../reads.js';
import { SUBMITTED } from '../trace/probes.js';
import type { NvmeGuestWorld } from '../world.js';

/** Starts one read in a thread of its own and goes on. */
export const guestStartRead = async (world: NvmeGuestWorld, args: StartReadArgs): Promise<void> => {
  const offsetBytes = nextOffsetBytes(world);
  const opened = await openHead(world, args);
  const sectors = [sectorOf(offsetBytes)];
  if ('errno' in opened) {
    world.session.reads.set(args.as, { sectors, results: [opened.errno], pending: undefined });
    return;
  }
  await world.trace.enable(SUBMITTED, true);
  const { job, tid } = await world.port.call('io.start', {
    fd: opened.fd,
    kind: 'pread',
    offsetBytes,
    lengthBytes: BLOCK_BYTES,
    cpu: args.cpu,
  });
  world.session.reads.set(args.as, { sectors, results: [], pending: { fd: opened.fd, job, tid } });
};
