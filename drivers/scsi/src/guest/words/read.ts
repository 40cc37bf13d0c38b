// SPDX-License-Identifier: GPL-2.0-only
import { setTimeout as pause } from 'node:timers/promises';
import { GuestErrno, type Json, type PendingReadArgs, type StartReadArgs } from '@libmultipath/driver-kit';
import { errors } from '../../errors.js';
import { type ReadArgs } from '../../vocabulary/io-args.js';
import { POLL_MS, TRANSFER_MS, WINDOW_MS } from '../deadlines.js';
import { diskOf } from '../devices.js';
import { requestedIn, trace } from '../trace.js';
import { nexusOf, type ReadRecord, type ScsiGuestWorld } from '../world.js';

const BLOCK_BYTES = 4_096;
const SECTOR_BYTES = 512;
const SECTORS_PER_BLOCK = BLOCK_BYTES / SECTOR_BYTES;
const SECTORS_PER_MIB = 2_048;

/** First sector of what reads use: the upper half of the smallest unit. Pure. */
export const firstReadSector = ({ topology }: Pick<ScsiGuestWorld, 'topology'>): number =>
  (Math.min(...topology.units.map(({ sizeMiB }) => sizeMiB)) * SECTORS_PER_MIB) / 2;

/** Sector of the next blocks that no read of this scenario has had. */
const nextSector = (world: ScsiGuestWorld, blocks: number): number => {
  const block = world.session.blocksUsed;
  world.session.blocksUsed += blocks;
  return firstReadSector(world) + block * 2 * SECTORS_PER_BLOCK;
};

/** The disk of a path, or what groups the paths. @throws LMP-260 nobody does */
const nodeOf = async (world: ScsiGuestWorld, as: string, on: string | undefined): Promise<string | undefined> => {
  if (on !== undefined) return diskOf(world, nexusOf(world, on));
  if (world.session.dm !== undefined) return world.session.dm.head;
  throw errors.fail('LMP-260', {
    message: `read ${as}: no released kernel has a multipath disk over SCSI`,
    todo: 'read `on` a path, say `over: dm`, or say `needs: [native-multipath]`',
  });
};

/** A descriptor, or an errno name. */
const open = async (world: ScsiGuestWorld, disk: string | undefined): Promise<number | string> => {
  if (disk === undefined) return 'ENOENT';
  try {
    return (await world.port.call('open', { path: `/dev/${disk}`, flags: ['RDONLY', 'DIRECT'] })).fd;
  } catch (error) {
    if (error instanceof GuestErrno) return error.errno;
    throw error;
  }
};

const startOne = async (
  { port }: ScsiGuestWorld,
  fd: number,
  { cpu, sector, lengthBytes }: { readonly cpu: number; readonly sector: number; readonly lengthBytes: number },
): Promise<number> =>
  (await port.call('io.start', { fd, kind: 'pread', offsetBytes: sector * SECTOR_BYTES, lengthBytes, cpu })).job;

const awaitOne = async (
  world: ScsiGuestWorld,
  job: number,
  lengthBytes: number,
  deadlineMs: number,
): Promise<string> => {
  const options = { deadlineMs: deadlineMs + TRANSFER_MS };
  const { bytes, errno } = await world.port.call('io.wait', { job, deadlineMs }, options);
  return errno !== '' ? errno : bytes === lengthBytes ? 'ok' : bytes === 0 ? 'eof' : 'short';
};

const begin = (world: ScsiGuestWorld, as: string, sectors: readonly number[]): ReadRecord => {
  const read: ReadRecord = { sectors, results: [], pending: undefined };
  world.session.reads.set(as, read);
  return read;
};

/** Reads a path's own disk, what is held, or what groups the paths. @throws LMP-260 nobody does */
export const guestRead = async (world: ScsiGuestWorld, args: ReadArgs): Promise<void> => {
  const held = args.through === undefined ? undefined : world.session.holds.get(args.through);
  const node = held === undefined ? await nodeOf(world, args.as, args.on) : undefined;
  const sectors = Array.from({ length: args.count }, () => nextSector(world, args.blocks));
  const read = begin(world, args.as, sectors);
  const fd = held ?? (await open(world, node));
  if (typeof fd === 'string') {
    read.results.push(fd);
    return;
  }
  const lengthBytes = args.blocks * BLOCK_BYTES;
  try {
    for (const sector of sectors) {
      const job = await startOne(world, fd, { cpu: args.cpu, sector, lengthBytes });
      read.results.push(await awaitOne(world, job, lengthBytes, WINDOW_MS));
    }
  } finally {
    if (held === undefined) await world.port.call('close', { fd });
  }
};

/** @throws LMP-260 */
export const guestStartRead = async (world: ScsiGuestWorld, args: StartReadArgs): Promise<void> => {
  const node = await nodeOf(world, args.as, undefined);
  const sector = nextSector(world, 1);
  const read = begin(world, args.as, [sector]);
  const fd = await open(world, node);
  if (typeof fd === 'string') read.results.push(fd);
  else read.pending = { fd, job: await startOne(world, fd, { cpu: args.cpu, sector, lengthBytes: BLOCK_BYTES }) };
};

/** @throws LMP-261 */
const readOf = ({ session }: ScsiGuestWorld, label: string): ReadRecord => {
  const read = session.reads.get(label);
  if (read !== undefined) return read;
  throw errors.fail('LMP-261', { message: `nothing is called ${label}`, where: 'reads' });
};

/** A suspended device counts nothing: the reader itself sleeps, with its read submitted. @throws LMP-263 */
const awaitStuck = async ({ port }: ScsiGuestWorld, label: string, job: number): Promise<void> => {
  const end = performance.now() + TRANSFER_MS;
  for (;;) {
    const { done, state } = await port.call('io.poll', { job });
    if (done || state === 'D') return;
    if (performance.now() >= end)
      throw errors.fail('LMP-263', { message: `the read ${label} does not wait, it is ${state}`, where: 'io.poll' });
    await pause(POLL_MS);
  }
};

/** Waits until the multipath disk has the read, which then waits there, or until it has ended. @throws LMP-263 */
export const guestAwaitParked = async (world: ScsiGuestWorld, { read: label }: PendingReadArgs): Promise<void> => {
  const { pending } = readOf(world, label);
  const { port, session } = world;
  const head = session.dm?.head;
  if (pending === undefined || head === undefined) return;
  if (session.dm?.isSuspended === true) return awaitStuck(world, label, pending.job);
  const path = `/sys/block/${head}/inflight`;
  try {
    // Two columns: reads and writes under way.
    await port.call('wait.until', { all: [{ path, is: 'content', contains: ' 1 ' }], deadlineMs: TRANSFER_MS });
  } catch (cause) {
    if ((await port.call('io.poll', { job: pending.job })).done) return;
    throw errors.fail('LMP-263', { message: `the read ${label} does not wait in the head`, where: path, cause });
  }
};

export const guestAwaitRead = async (world: ScsiGuestWorld, { read: label }: PendingReadArgs): Promise<void> => {
  const read = readOf(world, label);
  if (read.pending === undefined) return;
  const { fd, job } = read.pending;
  read.results.push(await awaitOne(world, job, BLOCK_BYTES, WINDOW_MS));
  read.pending = undefined;
  await world.port.call('close', { fd });
};

/** Block after block, in time order for each. */
export const guestPathsOf = async (world: ScsiGuestWorld, label: string): Promise<Json> => {
  const { sectors } = readOf(world, label);
  const labels = world.session.dm?.labels ?? new Map<string, string>();
  const requested = requestedIn(await trace.read(world.port));
  return sectors.flatMap((sector) =>
    requested.filter((one) => one.sector === sector).flatMap(({ device }) => labels.get(device) ?? []),
  );
};
