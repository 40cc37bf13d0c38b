// SPDX-License-Identifier: GPL-2.0-only
import { deletePath } from './devices.js';
import { deviceDir, newSession, type ScsiGuestWorld } from './world.js';

/** Brings the guest to where every scenario begins: no path attached. @throws LMP-263 one does not go */
export const resetGuest = async (world: ScsiGuestWorld): Promise<void> => {
  for (const nexus of world.nexuses.values()) {
    const { kind } = await world.port.call('file.stat', { path: deviceDir(nexus) });
    if (kind !== 'absent') await deletePath(world, nexus);
  }
  world.session = newSession();
};
