// SPDX-License-Identifier: GPL-2.0-only
import type { HoldArgs, ReleaseArgs } from '@libmultipath/driver-kit';
import { errors } from '../../errors.js';
import { notInGuest } from '../no-multipath.js';
import type { ScsiGuestWorld } from '../world.js';

/** Opens what groups the paths. @throws LMP-260 nobody does */
export const guestHold = async ({ port, session }: ScsiGuestWorld, { as }: HoldArgs): Promise<void> => {
  const head = session.dm?.head;
  if (head === undefined) return notInGuest('hold')();
  const { fd } = await port.call('open', { path: `/dev/${head}`, flags: ['RDONLY', 'DIRECT'] });
  session.holds.set(as, fd);
};

/** @throws LMP-261 nothing is held so */
export const guestRelease = async ({ port, session }: ScsiGuestWorld, { hold }: ReleaseArgs): Promise<void> => {
  const fd = session.holds.get(hold);
  if (fd === undefined) throw errors.fail('LMP-261', { message: `nothing is held as ${hold}`, where: 'holds' });
  session.holds.delete(hold);
  await port.call('close', { fd });
};
