// SPDX-License-Identifier: GPL-2.0-only
import { type ReleaseArgs } from '@libmultipath/driver-kit';
import { errors } from '../../errors.js';
import type { NvmeGuestWorld } from '../world.js';

/** Closes a held descriptor. @throws LMP-231 */
export const guestRelease = async (world: NvmeGuestWorld, args: ReleaseArgs): Promise<void> => {
  const fd = world.session.holds.get(args.hold);
  if (fd === undefined) throw errors.fail('LMP-231', { message: `no descriptor is held as ${args.hold}` });
  await world.port.call('close', { fd });
  world.session.holds.delete(args.hold);
};
