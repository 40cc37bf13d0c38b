// SPDX-License-Identifier: GPL-2.0-only
import type { DetachArgs } from '../../vocabulary/args.js';
import { attachControllers, detachController, noteGone } from '../controllers.js';
import { DETACH_MS } from '../deadlines.js';
import { placeOf } from '../place.js';
import { cutLink, stopBusMaster } from '../pci-config.js';
import { putBack, takeOut } from '../plugging.js';
import type { NvmeGuestWorld } from '../world.js';

/** For the trace an unplugged controller is a detached one. */
const STEP = 'detach';

/** The machine asks the guest for the function, and waits until it is out. @throws LMP-717 */
export const guestUnplug = async (world: NvmeGuestWorld, { controller }: DetachArgs): Promise<void> => {
  const { port, trace } = world;
  await trace.mark({ kind: 'begin', step: STEP, subject: controller });
  await takeOut(port, controller);
  const { where } = placeOf(world.slots, controller);
  await port.call('wait.until', { all: [{ path: where, is: 'absent' }], deadlineMs: DETACH_MS });
  await noteGone(world, controller);
  await trace.mark({ kind: 'end', step: STEP, subject: controller });
};

/** The function cannot be reached while the kernel removes it. @throws LMP-225 */
export const guestPull = async (world: NvmeGuestWorld, { controller }: DetachArgs): Promise<void> => {
  const restore = await cutLink(world.port, placeOf(world.slots, controller).where);
  try {
    await detachController(world, controller);
  } finally {
    await restore();
  }
};

/** The function may not reach the memory any more. */
export const guestMute = async ({ port, slots }: NvmeGuestWorld, { controller }: DetachArgs): Promise<void> => {
  await stopBusMaster(port, placeOf(slots, controller).where);
};

/** The function is in its slot again; the kernel finds it by itself. @throws LMP-224 */
export const guestPlug = (world: NvmeGuestWorld, { controller }: DetachArgs): Promise<void> =>
  attachControllers(world, [controller], ({ label }) => putBack(world.port, world.topology, label));
