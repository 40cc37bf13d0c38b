// SPDX-License-Identifier: GPL-2.0-only
import { GuestErrno, stopLoad, type Json } from '@libmultipath/driver-kit';
import { errors } from '../errors.js';
import type { LoadArgs } from '../vocabulary/args.js';
import { TRANSFER_MS, WINDOW_MS } from './deadlines.js';
import type { LoadRecord, VirtioGuestWorld } from './world.js';

const BLOCK_BYTES = 4_096;
/** What is written is a function of this and the place. */
const SEED = 1;
/** Requests that must end for an `await-progress`. */
const PROGRESS = 64;

/** @throws LMP-297 */
const loadOf = ({ session }: VirtioGuestWorld, label: string): LoadRecord & { readonly load: number } => {
  const record = session.loads.get(label);
  if (record?.load !== undefined) return { ...record, load: record.load };
  throw errors.fail('LMP-297', { message: `no load is called ${label}, or it was stopped` });
};

const stuck = (label: string, cause: unknown): unknown =>
  cause instanceof GuestErrno
    ? errors.fail('LMP-295', { message: `the load ${label} does not go on: ${cause.message}`, cause })
    : cause;

export const guestLoad = async ({ port, session }: VirtioGuestWorld, args: LoadArgs): Promise<void> => {
  if (session.head === undefined) throw errors.fail('LMP-297', { message: 'there is no multipath disk to write to' });
  const { load } = await port.call('load.start', {
    path: `/dev/${session.head}`,
    kind: 'write-verify',
    depth: args.depth,
    blockBytes: BLOCK_BYTES,
    spanBytes: args.blocks * BLOCK_BYTES,
    seed: SEED,
  });
  session.loads.set(args.as, { blocks: args.blocks, load, result: undefined });
};

/** @throws LMP-295 */
export const guestAwaitProgress = async (world: VirtioGuestWorld, label: string): Promise<void> => {
  const { load } = loadOf(world, label);
  const { completed } = await world.port.call('load.poll', { load });
  try {
    await world.port.call('load.wait', { load, blocks: completed + PROGRESS, deadlineMs: TRANSFER_MS });
  } catch (cause) {
    throw stuck(label, cause);
  }
};

/** @throws LMP-295 */
export const guestStopLoad = async (world: VirtioGuestWorld, label: string): Promise<void> => {
  const running = loadOf(world, label);
  try {
    const result = await stopLoad(world.port, running, WINDOW_MS);
    world.session.loads.set(label, { ...running, load: undefined, result });
  } catch (cause) {
    throw stuck(label, cause);
  }
};

/** @throws LMP-297 it still runs */
export const guestLoadResult = async ({ session }: VirtioGuestWorld, label: string): Promise<Json> => {
  const result = session.loads.get(label)?.result;
  if (result !== undefined) return { ...result };
  throw errors.fail('LMP-297', { message: `the load ${label} has not been stopped` });
};
