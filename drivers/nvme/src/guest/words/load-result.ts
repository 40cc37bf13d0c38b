// SPDX-License-Identifier: GPL-2.0-only
import type { Json } from '@libmultipath/driver-kit';
import { errors } from '../../errors.js';
import { loadRecordOf } from '../loads.js';
import type { NvmeGuestWorld } from '../world.js';

/** Errnos seen, whether a block read back wrong, whether all were read back. @throws LMP-231 it still runs */
export const guestLoadResult = async (world: NvmeGuestWorld, label: string): Promise<Json> => {
  const { result } = loadRecordOf(world, label);
  if (result === undefined) throw errors.fail('LMP-231', { message: `the load ${label} has not been stopped` });
  return { ...result };
};
