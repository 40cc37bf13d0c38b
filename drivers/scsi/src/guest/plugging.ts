// SPDX-License-Identifier: GPL-2.0-only
import type { MachinePort } from '@libmultipath/driver-kit';
import { errors } from '../errors.js';
import { DETACH_MS } from './deadlines.js';
import { deviceIdOf, lowerTopology } from './lower.js';
import type { ScsiGuestWorld } from './world.js';

/** @throws LMP-261 the guest is no machine that somebody could open */
const machineOf = ({ port }: ScsiGuestWorld): MachinePort => {
  if (port.machine !== undefined) return port.machine;
  throw errors.fail('LMP-261', {
    message: 'nobody can reach into the machine of this guest',
    where: 'guest',
    todo: 'run the scenario with mpath verify',
  });
};

/** The path's disk leaves the machine. @throws LMP-713, LMP-717 */
export const pullOut = async (world: ScsiGuestWorld, label: string): Promise<void> => {
  await machineOf(world).unplug(deviceIdOf(label), { deadlineMs: DETACH_MS });
  world.session.pulledOut.add(label);
};

/** The path's disk is in the machine again, if it was pulled out. @throws LMP-713 */
export const pushIn = async (world: ScsiGuestWorld, label: string): Promise<void> => {
  if (!world.session.pulledOut.delete(label)) return;
  const device = lowerTopology(world.topology).devices.find(({ props }) => props['id'] === deviceIdOf(label));
  if (device !== undefined) await machineOf(world).plug(device);
};
