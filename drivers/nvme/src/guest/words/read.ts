// SPDX-License-Identifier: GPL-2.0-only
import { errors } from '../../errors.js';
import type { ReadArgs } from '../../vocabulary/args.js';
import { nextOffsetBytes, openHead, readOnce, sectorOf } from '../reads.js';
import type { NvmeGuestWorld } from '../world.js';

const held = (world: NvmeGuestWorld, label: string): { fd: number } => {
  const fd = world.session.holds.get(label);
  if (fd === undefined) throw errors.fail('LMP-231', { message: `no descriptor is held as ${label}` });
  return { fd };
};

/** Reads blocks of 4 KiB with O_DIRECT from one CPU, each after the one before has ended. */
export const guestRead = async (world: NvmeGuestWorld, args: ReadArgs): Promise<void> => {
  const offsets = Array.from({ length: args.count }, () => nextOffsetBytes(world));
  const results: string[] = [];
  world.session.reads.set(args.as, { sectors: offsets.map(sectorOf), results, pending: undefined });
  const opened = args.through === undefined ? await openHead(world, args) : held(world, args.through);
  if ('errno' in opened) {
    results.push(opened.errno);
    return;
  }
  try {
    for (const offset of offsets) results.push(await readOnce(world, opened.fd, offset, args.cpu, args.as));
  } finally {
    if (args.through === undefined) await world.port.call('close', { fd: opened.fd });
  }
};
