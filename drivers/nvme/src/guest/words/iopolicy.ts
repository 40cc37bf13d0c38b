// SPDX-License-Identifier: GPL-2.0-only
import { attributeOf, type Json, type NoArgs } from '@libmultipath/driver-kit';
import { findSubsystem } from '../disks.js';
import type { NvmeGuestWorld } from '../world.js';

/** The policy of the subsystem; null: there is no subsystem. */
export const guestIopolicy = async (world: NvmeGuestWorld, _args: NoArgs): Promise<Json> => {
  const subsystem = await findSubsystem(world);
  return subsystem === undefined ? null : ((await attributeOf(world.port, `${subsystem}/iopolicy`)) ?? null);
};
