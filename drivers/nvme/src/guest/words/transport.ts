// SPDX-License-Identifier: GPL-2.0-only
import { GuestErrno, type NoArgs } from '@libmultipath/driver-kit';
import { errors } from '../../errors.js';
import type { HoldControllerArgs, UnloadArgs } from '../../vocabulary/transport-args.js';
import { attachedLabels, noteGone } from '../controllers.js';
import { placeOf } from '../place.js';
import { loadTransport, unloadTransport } from '../transport-module.js';
import type { NvmeGuestWorld } from '../world.js';

/** Whose removal the trace marks: all of them. */
const ALL = 'all';

/** Unloads nvme-tcp, and keeps the result. @throws LMP-236 */
export const guestUnloadTransport = async (world: NvmeGuestWorld, { as }: UnloadArgs): Promise<void> => {
  const before = await attachedLabels(world);
  await world.trace.mark({ kind: 'begin', step: 'detach', subject: ALL });
  world.session.tries.set(as, await unloadTransport(world.port));
  const left = await attachedLabels(world);
  for (const label of before) if (!left.includes(label)) await noteGone(world, label);
  await world.trace.mark({ kind: 'end', step: 'detach', subject: ALL });
};

/** @throws LMP-236 */
export const guestLoadTransport = (world: NvmeGuestWorld, _args: NoArgs): Promise<void> => loadTransport(world.port);

/** Opens /dev/nvmeC and keeps the descriptor. @throws LMP-227 */
export const guestHoldController = async (
  world: NvmeGuestWorld,
  { controller, as }: HoldControllerArgs,
): Promise<void> => {
  const [found] = await placeOf(world.slots, controller).controllers(world.port);
  const path = `/dev/${found?.name ?? ''}`;
  try {
    if (found === undefined) throw new GuestErrno('open', 'ENOENT', `${controller} is not attached`);
    const { fd } = await world.port.call('open', { path, flags: ['RDWR'] });
    world.session.holds.set(as, fd);
  } catch (cause) {
    if (!(cause instanceof GuestErrno)) throw cause;
    throw errors.fail('LMP-227', {
      message: `${controller} cannot be opened: ${cause.errno}`,
      where: `hold-controller ${as}`,
      cause,
    });
  }
};
