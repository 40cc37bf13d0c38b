// SPDX-License-Identifier: GPL-2.0-only
import type { Json } from '@libmultipath/driver-kit';
import { readRecordOf } from '../reads.js';
import type { NvmeGuestWorld } from '../world.js';

/** `ok` or errno name of a read or a `try-…` step; a list where reads of one step differ; `pending`: not ended. */
export const guestResultOf = async (world: NvmeGuestWorld, label: string): Promise<Json> => {
  const tried = world.session.tries.get(label);
  if (tried !== undefined) return tried;
  const { results, pending } = readRecordOf(world, label);
  if (pending !== undefined && !(await world.port.call('io.poll', { job: pending.job })).done) return 'pending';
  const [first] = results;
  return first !== undefined && results.every((result) => result === first) ? first : [...results];
};
