// SPDX-License-Identifier: GPL-2.0-only
import { errors } from '../../errors.js';
import type { LoadArgs } from '../../vocabulary/args.js';
import { needHead } from '../disks.js';
import { BLOCK_BYTES, readAreaBytes } from '../reads.js';
import type { NvmeGuestWorld } from '../world.js';

/** What is written is a function of this and the place, so it can be told from what was there. */
const SEED = 1;

/** Writes blocks of 4 KiB from the start of the namespace, round and round, until stopped. */
export const guestLoad = async (world: NvmeGuestWorld, args: LoadArgs): Promise<void> => {
  const head = await needHead(world, 'load', { of: args.of });
  const spanBytes = args.blocks * BLOCK_BYTES;
  if (spanBytes > readAreaBytes(world)) {
    throw errors.fail('LMP-232', {
      message: `${args.blocks} blocks of 4 KiB are more than half of the namespace`,
      where: `load ${args.as}`,
      todo: 'write fewer blocks, or give the namespace a larger sizeMiB',
    });
  }
  await world.trace.mark({ kind: 'begin', step: 'load', subject: args.as });
  const { load } = await world.port.call('load.start', {
    path: `/dev/${head.name}`,
    kind: args.kind,
    depth: args.depth,
    blockBytes: BLOCK_BYTES,
    spanBytes,
    seed: SEED,
    cpu: args.cpu,
  });
  world.session.loads.set(args.as, { blocks: args.blocks, load, result: undefined });
};
