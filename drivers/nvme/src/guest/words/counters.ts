// SPDX-License-Identifier: GPL-2.0-only
import { attributeOf, type Json, type NoArgs } from '@libmultipath/driver-kit';
import { findHead } from '../disks.js';
import type { NvmeGuestWorld } from '../world.js';

/** How often the head parked a bio for want of a path, and failed one; null: no head, or no counters. */
export const guestCounters = async (world: NvmeGuestWorld, _args: NoArgs): Promise<Json> => {
  const head = await findHead(world);
  if (head === undefined) return null;
  const requeued = await attributeOf(world.port, `${head.dir}/diag/io_requeue_no_usable_path_count`);
  const failed = await attributeOf(world.port, `${head.dir}/diag/io_fail_no_available_path_count`);
  return requeued === undefined || failed === undefined ? null : { requeued: Number(requeued), failed: Number(failed) };
};
