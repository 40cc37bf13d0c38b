// SPDX-License-Identifier: GPL-2.0-only
import type { UnloadArgs } from '../../vocabulary/args.js';
import { awaitDisk, forgetAnnounced } from '../devices.js';
import { loadSd, unloadSd } from '../sd-module.js';
import { attachedNexuses, type ScsiGuestWorld } from '../world.js';

export const guestUnloadSd = async (world: ScsiGuestWorld, { as }: UnloadArgs): Promise<void> => {
  world.session.tries.set(as, await unloadSd(world.port));
};

/** Returns when each attached path has its disk again: sd looks at them side by side. @throws LMP-261, LMP-263 */
export const guestLoadSd = async (world: ScsiGuestWorld): Promise<void> => {
  const attached = attachedNexuses(world);
  await forgetAnnounced(world, attached);
  await loadSd(world.port);
  for (const nexus of attached) await awaitDisk(world, nexus);
};
