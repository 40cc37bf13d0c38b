// SPDX-License-Identifier: GPL-2.0-only
import type { Json } from '@libmultipath/driver-kit';
import { errors } from '../../errors.js';
import type { ScsiGuestWorld } from '../world.js';

/** `ok` or errno name; a list where the transfers of one read differ; `pending`: not ended. @throws LMP-261 */
export const guestResultOf = async ({ port, session }: ScsiGuestWorld, label: string): Promise<Json> => {
  const tried = session.tries.get(label);
  if (tried !== undefined) return tried;
  const read = session.reads.get(label);
  if (read === undefined) throw errors.fail('LMP-261', { message: `nothing is called ${label}`, where: 'result-of' });
  const { pending, results } = read;
  if (pending !== undefined && !(await port.call('io.poll', { job: pending.job })).done) return 'pending';
  const [first] = results;
  return first !== undefined && results.every((result) => result === first) ? first : [...results];
};
