// SPDX-License-Identifier: GPL-2.0-only
import { GuestErrno, stopLoad, type AwaitProgressArgs, type Json, type StopLoadArgs } from '@libmultipath/driver-kit';
import { errors } from '../../errors.js';
import type { LoadArgs } from '../../vocabulary/io-args.js';
import { TRANSFER_MS, WINDOW_MS } from '../deadlines.js';
import { notInGuest } from '../no-multipath.js';
import type { LoadRecord, ScsiGuestWorld } from '../world.js';

const BLOCK_BYTES = 4_096;
/** What is written is a function of this and the place. */
const SEED = 1;

/** @throws LMP-261 */
const loadOf = ({ session }: ScsiGuestWorld, label: string): LoadRecord & { readonly load: number } => {
  const record = session.loads.get(label);
  if (record?.load !== undefined) return { ...record, load: record.load };
  throw errors.fail('LMP-261', { message: `no load is called ${label}, or it was stopped`, where: 'loads' });
};

const stuck = (label: string, cause: unknown): unknown =>
  cause instanceof GuestErrno
    ? errors.fail('LMP-263', { message: `the load ${label} does not go on: ${cause.message}`, where: label, cause })
    : cause;

/** Writes to what groups the paths. @throws LMP-260 nobody does */
export const guestLoad = async (world: ScsiGuestWorld, args: LoadArgs): Promise<void> => {
  const { port, session } = world;
  const head = session.dm?.head;
  if (head === undefined) return notInGuest('load')();
  const { load } = await port.call('load.start', {
    path: `/dev/${head}`,
    kind: 'write-verify',
    depth: args.depth,
    blockBytes: BLOCK_BYTES,
    spanBytes: args.blocks * BLOCK_BYTES,
    seed: SEED,
    cpu: args.cpu,
  });
  session.loads.set(args.as, { blocks: args.blocks, load, result: undefined });
};

/** @throws LMP-263 */
export const guestAwaitProgress = async (world: ScsiGuestWorld, args: AwaitProgressArgs): Promise<void> => {
  const { load } = loadOf(world, args.load);
  const { completed } = await world.port.call('load.poll', { load });
  const blocks = completed + args.blocks;
  try {
    await world.port.call('load.wait', { load, blocks, deadlineMs: TRANSFER_MS });
  } catch (cause) {
    throw stuck(args.load, cause);
  }
};

/** @throws LMP-263 */
export const guestStopLoad = async (world: ScsiGuestWorld, { load: label }: StopLoadArgs): Promise<void> => {
  const running = loadOf(world, label);
  try {
    const result = await stopLoad(world.port, running, WINDOW_MS);
    world.session.loads.set(label, { ...running, load: undefined, result });
  } catch (cause) {
    throw stuck(label, cause);
  }
};

/** @throws LMP-261 it still runs */
export const guestLoadResult = async ({ session }: ScsiGuestWorld, label: string): Promise<Json> => {
  const result = session.loads.get(label)?.result;
  if (result !== undefined) return { ...result };
  throw errors.fail('LMP-261', { message: `the load ${label} has not been stopped`, where: 'load-result' });
};
