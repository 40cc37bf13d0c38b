// SPDX-License-Identifier: GPL-2.0-only
import { attributeOf, type Json } from '@libmultipath/driver-kit';
import { errors } from '../../errors.js';
import type { PathArgs } from '../../vocabulary/args.js';
import { deviceDir, nexusOf, type ScsiGuestWorld } from '../world.js';

const files = { requests: 'iorequest_cnt', done: 'iodone_cnt', errors: 'ioerr_cnt', timeouts: 'iotmo_cnt' } as const;

const countsOf = async (world: ScsiGuestWorld, path: string): Promise<Record<string, number>> => {
  const dir = deviceDir(nexusOf(world, path));
  const value: Record<string, number> = {};
  for (const [name, file] of Object.entries(files))
    value[name] = Number(await attributeOf(world.port, `${dir}/${file}`));
  return value;
};

export const guestMarkCounts = async (world: ScsiGuestWorld, { path }: PathArgs): Promise<void> => {
  world.session.marks.set(path, await countsOf(world, path));
};

/** @throws LMP-261 nothing was marked */
export const guestCounts = async (world: ScsiGuestWorld, { path }: PathArgs): Promise<Json> => {
  const before = world.session.marks.get(path);
  if (before === undefined) throw errors.fail('LMP-261', { message: `counts of ${path}: none were marked` });
  const now = await countsOf(world, path);
  return Object.fromEntries(Object.entries(now).map(([name, value]) => [name, value - (before[name] ?? 0)]));
};
