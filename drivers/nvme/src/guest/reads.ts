// SPDX-License-Identifier: GPL-2.0-only
import { errors } from '../errors.js';
import { GuestErrno, type GuestPort } from '@libmultipath/driver-kit';
import { TRANSFER_MS } from './deadlines.js';
import { findHead, type WhichHead } from './disks.js';
import type { NvmeGuestWorld, ReadRecord } from './world.js';

export const BLOCK_BYTES = 4_096;
const SECTOR_BYTES = 512;
export const SECTORS_PER_BLOCK = BLOCK_BYTES / SECTOR_BYTES;
const MIB = 1_024 * 1_024;

/** Reads use the upper half of the namespace, loads the lower one. */
export const readAreaBytes = (world: NvmeGuestWorld): number => (smallestMiB(world) * MIB) / 2;

const smallestMiB = (world: NvmeGuestWorld): number =>
  Math.min(...world.topology.namespaces.map(({ sizeMiB }) => sizeMiB));

/**
 * Offset of the next block that no read of this scenario has had: a trace then tells whose
 * a bio is. Blocks lie two apart, so that neighbouring reads are never merged, and below the
 * last of the area, where a search for partitions looks.
 */
export const nextOffsetBytes = (world: NvmeGuestWorld): number => {
  const start = readAreaBytes(world);
  const places = Math.floor((start - BLOCK_BYTES) / (2 * BLOCK_BYTES)) - 1;
  const index = world.session.blocksUsed++;
  if (index >= places) {
    throw errors.fail('LMP-232', {
      message: `the namespace has room for ${places} different blocks to read, and the scenario reads more`,
      where: 'topology.namespaces',
      todo: 'give the namespace a larger sizeMiB',
    });
  }
  return start + index * 2 * BLOCK_BYTES;
};

export const sectorOf = (offsetBytes: number): number => offsetBytes / SECTOR_BYTES;

/** Opens a head for reading past the page cache: a descriptor, or the errno name. */
export const openHead = async (
  world: NvmeGuestWorld,
  which: WhichHead = {},
): Promise<{ fd: number } | { errno: string }> => {
  const head = await findHead(world, which);
  // No disk, no node in /dev.
  if (head === undefined) return { errno: 'ENOENT' };
  try {
    return await world.port.call('open', { path: `/dev/${head.name}`, flags: ['RDONLY', 'DIRECT'] });
  } catch (error) {
    if (error instanceof GuestErrno) return { errno: error.errno };
    throw error;
  }
};

/**
 * Waits for a read: `ok`, an errno name, `eof` (nothing there: the disk has lost its size) or `short`.
 * @throws LMP-228 it did not end
 */
export const awaitJob = async (port: GuestPort, job: number, deadlineMs: number, as: string): Promise<string> => {
  try {
    const { bytes, errno } = await port.call('io.wait', { job, deadlineMs });
    if (errno !== '') return errno;
    if (bytes === BLOCK_BYTES) return 'ok';
    return bytes === 0 ? 'eof' : 'short';
  } catch (cause) {
    if (!(cause instanceof GuestErrno)) throw cause;
    throw errors.fail('LMP-228', {
      message: `the read ${as} did not end: ${cause.message}`,
      where: `read ${as}`,
      cause,
    });
  }
};

/** One read through an open descriptor, from start to end. */
export const readOnce = async (
  world: NvmeGuestWorld,
  fd: number,
  offsetBytes: number,
  cpu: number,
  as: string,
): Promise<string> => {
  const args = { fd, kind: 'pread', offsetBytes, lengthBytes: BLOCK_BYTES, cpu } as const;
  const { job } = await world.port.call('io.start', args);
  return awaitJob(world.port, job, TRANSFER_MS, as);
};

/** @throws LMP-231 */
export const readRecordOf = (world: NvmeGuestWorld, label: string): ReadRecord => {
  const record = world.session.reads.get(label);
  if (record === undefined) throw errors.fail('LMP-231', { message: `no read is called ${label}` });
  return record;
};
