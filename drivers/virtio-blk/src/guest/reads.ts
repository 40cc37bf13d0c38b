// SPDX-License-Identifier: GPL-2.0-only
import { GuestErrno, type Json } from '@libmultipath/driver-kit';
import { errors } from '../errors.js';
import type { ReadArgs } from '../vocabulary/args.js';
import { TRANSFER_MS, WINDOW_MS } from './deadlines.js';
import { issuedIn, trace } from './trace.js';
import type { ReadRecord, VirtioGuestWorld } from './world.js';

const BLOCK_BYTES = 4_096;
const SECTOR_BYTES = 512;
const SECTORS_PER_BLOCK = BLOCK_BYTES / SECTOR_BYTES;
const SECTORS_PER_MIB = 2_048;

/** As on the model: its own block, or the next that no read has had, in the upper half, two blocks apart. */
const sectorsOf = ({ topology, session }: VirtioGuestWorld, { block, count }: ReadArgs): number[] => {
  const half = (topology.sizeMiB * SECTORS_PER_MIB) / 2;
  const first = block === undefined ? half + session.blocksUsed * 2 * SECTORS_PER_BLOCK : block * SECTORS_PER_BLOCK;
  if (block === undefined) session.blocksUsed += count;
  return Array.from({ length: count }, (_, index) => first + index * 2 * SECTORS_PER_BLOCK);
};

/** Opens the multipath disk past the page cache: a descriptor, or the errno name. */
const openHead = async ({ port, session }: VirtioGuestWorld): Promise<{ fd: number } | { errno: string }> => {
  if (session.head === undefined) return { errno: 'ENOENT' };
  try {
    return await port.call('open', { path: `/dev/${session.head}`, flags: ['RDONLY', 'DIRECT'] });
  } catch (error) {
    if (error instanceof GuestErrno) return { errno: error.errno };
    throw error;
  }
};

/** @throws LMP-297 */
const readOf = ({ session }: VirtioGuestWorld, label: string): ReadRecord => {
  const read = session.reads.get(label);
  if (read !== undefined) return read;
  throw errors.fail('LMP-297', { message: `no read is called ${label}` });
};

/** `ok`, `eof`, or an errno name. @throws LMP-295 it did not end */
const awaitJob = async ({ port }: VirtioGuestWorld, job: number, deadlineMs: number): Promise<string> => {
  try {
    const { bytes, errno } = await port.call('io.wait', { job, deadlineMs });
    if (errno !== '') return errno;
    return bytes === BLOCK_BYTES ? 'ok' : 'eof';
  } catch (cause) {
    if (!(cause instanceof GuestErrno)) throw cause;
    throw errors.fail('LMP-295', { message: `a read did not end: ${cause.message}`, cause });
  }
};

const startOne = async ({ port }: VirtioGuestWorld, fd: number, sector: number): Promise<number> => {
  const offsetBytes = sector * SECTOR_BYTES;
  return (await port.call('io.start', { fd, kind: 'pread', offsetBytes, lengthBytes: BLOCK_BYTES, cpu: 0 })).job;
};

const begin = (world: VirtioGuestWorld, args: ReadArgs): ReadRecord => {
  const read: ReadRecord = { sectors: sectorsOf(world, args), results: [], pending: undefined };
  world.session.reads.set(args.as, read);
  return read;
};

export const guestRead = async (world: VirtioGuestWorld, args: ReadArgs): Promise<void> => {
  const read = begin(world, args);
  const opened = await openHead(world);
  if ('errno' in opened) {
    read.results.push(opened.errno);
    return;
  }
  for (const sector of read.sectors) {
    read.results.push(await awaitJob(world, await startOne(world, opened.fd, sector), TRANSFER_MS));
  }
  await world.port.call('close', opened);
};

/** The first block only goes on in the background. */
export const guestStartRead = async (world: VirtioGuestWorld, args: ReadArgs): Promise<void> => {
  const read = begin(world, args);
  const opened = await openHead(world);
  const [sector = 0] = read.sectors;
  if ('errno' in opened) read.results.push(opened.errno);
  else read.pending = { fd: opened.fd, job: await startOne(world, opened.fd, sector) };
};

/**
 * Waits until the multipath disk has the read, which then waits there, since no path is left.
 * @throws LMP-295 neither that, nor an end
 */
export const guestAwaitParked = async (world: VirtioGuestWorld, label: string): Promise<void> => {
  const { pending } = readOf(world, label);
  const { port, session } = world;
  if (pending === undefined || session.head === undefined) return;
  const path = `/sys/block/${session.head}/inflight`;
  try {
    // Two columns: reads and writes under way.
    await port.call('wait.until', { all: [{ path, is: 'content', contains: ' 1 ' }], deadlineMs: TRANSFER_MS });
  } catch (cause) {
    if ((await port.call('io.poll', { job: pending.job })).done) return;
    throw errors.fail('LMP-295', {
      message: `the read ${label} does not wait in the multipath disk`,
      where: path,
      cause,
    });
  }
};

export const guestAwaitRead = async (world: VirtioGuestWorld, label: string): Promise<void> => {
  const read = readOf(world, label);
  const { pending } = read;
  if (pending === undefined) return;
  read.results.push(await awaitJob(world, pending.job, WINDOW_MS));
  read.pending = undefined;
  await world.port.call('close', { fd: pending.fd });
};

export const guestResultOf = async (world: VirtioGuestWorld, label: string): Promise<Json> => {
  const { results, pending } = readOf(world, label);
  if (pending !== undefined && !(await world.port.call('io.poll', { job: pending.job })).done) return 'pending';
  const [first] = results;
  return first !== undefined && results.every((result) => result === first) ? first : [...results];
};

export const guestPathsOf = async (world: VirtioGuestWorld, label: string): Promise<Json> => {
  const { sectors } = readOf(world, label);
  const { labels } = world.session;
  const issued = issuedIn(await trace.read(world.port));
  return sectors.flatMap((sector) =>
    issued.filter((one) => one.sector === sector).flatMap(({ device }) => labels.get(device) ?? []),
  );
};
