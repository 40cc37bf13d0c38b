// SPDX-License-Identifier: GPL-2.0-only
import { GuestErrno } from '@libmultipath/driver-kit';
import { errors } from '../../errors.js';
import { type ReadArgs } from '../../vocabulary/io-args.js';
import { TRANSFER_MS } from '../deadlines.js';
import { diskOf } from '../devices.js';
import { nexusOf, type ScsiGuestWorld } from '../world.js';

const BLOCK_BYTES = 4_096;
const MIB = 1_024 * 1_024;

/** Offset of the next blocks that no read of this scenario has had, in the upper half of the unit. */
const nextOffset = ({ topology, session }: ScsiGuestWorld, blocks: number): number => {
  const half = (Math.min(...topology.units.map(({ sizeMiB }) => sizeMiB)) * MIB) / 2;
  const block = session.blocksUsed;
  session.blocksUsed += blocks;
  return half + block * 2 * BLOCK_BYTES;
};

const open = async (world: ScsiGuestWorld, label: string): Promise<number | string> => {
  const disk = await diskOf(world, nexusOf(world, label));
  if (disk === undefined) return 'ENOENT';
  try {
    return (await world.port.call('open', { path: `/dev/${disk}`, flags: ['RDONLY', 'DIRECT'] })).fd;
  } catch (error) {
    if (error instanceof GuestErrno) return error.errno;
    throw error;
  }
};

/** Reads a path's own disk; through a head nothing can be read. @throws LMP-260 no `on` */
export const guestRead = async (world: ScsiGuestWorld, args: ReadArgs): Promise<void> => {
  if (args.on === undefined) {
    throw errors.fail('LMP-260', {
      message: `read ${args.as}: no released kernel has a multipath disk over SCSI`,
      todo: 'read `on` a path, or say `needs: [native-multipath]`',
    });
  }
  const offsets = Array.from({ length: args.count }, () => nextOffset(world, args.blocks));
  const fd = await open(world, args.on);
  if (typeof fd === 'string') {
    world.session.reads.set(args.as, [fd]);
    return;
  }
  const results: string[] = [];
  const lengthBytes = args.blocks * BLOCK_BYTES;
  try {
    for (const offsetBytes of offsets) {
      const { job } = await world.port.call('io.start', { fd, kind: 'pread', offsetBytes, lengthBytes, cpu: args.cpu });
      const { bytes, errno } = await world.port.call('io.wait', { job, deadlineMs: TRANSFER_MS });
      results.push(errno !== '' ? errno : bytes === lengthBytes ? 'ok' : bytes === 0 ? 'eof' : 'short');
    }
  } finally {
    await world.port.call('close', { fd });
  }
  world.session.reads.set(args.as, results);
};
