// SPDX-License-Identifier: GPL-2.0-only
import { GONE, type Json, unless } from '@libmultipath/driver-kit';
import type { HeadOfArgs } from '../../vocabulary/args.js';
import { findHead, findPaths } from '../disks.js';
import type { NvmeGuestWorld } from '../world.js';

/** Controllers that the head's `multipath/` links to, sorted; null: there is no such directory. */
export const guestLinks = async (world: NvmeGuestWorld, { of }: HeadOfArgs = {}): Promise<Json> => {
  const head = await findHead(world, { of });
  if (head === undefined) return null;
  const links = await unless(world.port.call('dir.list', { path: `${head.dir}/multipath` }), ...GONE);
  if (links === undefined) return null;
  const labels = new Map((await findPaths(world)).map(({ name, label }) => [name, label]));
  return links.names.map((name) => labels.get(name) ?? name).sort();
};
