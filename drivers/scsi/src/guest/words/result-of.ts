// SPDX-License-Identifier: GPL-2.0-only
import type { Json } from '@libmultipath/driver-kit';
import { errors } from '../../errors.js';
import type { ScsiGuestWorld } from '../world.js';

/** `ok` or errno name; a list where the transfers of one read differ. @throws LMP-261 */
export const guestResultOf = (world: ScsiGuestWorld, label: string): Promise<Json> => {
  const tried = world.session.tries.get(label);
  if (tried !== undefined) return Promise.resolve(tried);
  const results = world.session.reads.get(label);
  if (results === undefined) {
    return Promise.reject(errors.fail('LMP-261', { message: `nothing is called ${label}`, where: 'result-of' }));
  }
  const [first] = results;
  return Promise.resolve(first !== undefined && results.every((result) => result === first) ? first : [...results]);
};
