// SPDX-License-Identifier: GPL-2.0-only
import { orderIn, type Json } from '@libmultipath/driver-kit';
import type { Policy } from '../vocabulary/args.js';
import { loadTable } from './daemon.js';
import { attachedDisk } from './disks.js';
import { messageDevice } from './dm-device.js';
import { trace } from './trace.js';
import type { VirtioGuestWorld } from './world.js';

/** Another table, with other groups. @throws LMP-298 */
export const guestSetIopolicy = async (world: VirtioGuestWorld, policy: Policy): Promise<void> => {
  world.session.policy = policy;
  await loadTable(world);
};

/** @throws LMP-298 */
export const guestReinstate = async (world: VirtioGuestWorld, label: string): Promise<void> => {
  await messageDevice(world.port, `reinstate_path ${attachedDisk(world, label).device}`);
};

export const guestOrder = async ({ port }: VirtioGuestWorld): Promise<Json> => [...orderIn(await trace.read(port))];
