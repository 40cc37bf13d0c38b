// SPDX-License-Identifier: GPL-2.0-only
import { contentOf, type Json, type NoArgs } from '@libmultipath/driver-kit';
import { findPaths } from '../disks.js';
import type { NvmeGuestWorld } from '../world.js';

/** Exact content of each path's `numa_nodes`, newline and all; null: this kernel has none. */
export const guestNumaNodes = async (world: NvmeGuestWorld, _args: NoArgs): Promise<Json> => {
  const value: Record<string, Json> = {};
  for (const { label, dir } of await findPaths(world)) {
    value[label] = (await contentOf(world.port, `${dir}/numa_nodes`)) ?? null;
  }
  return value;
};
