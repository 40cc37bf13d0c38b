// SPDX-License-Identifier: GPL-2.0-only
import type { AttachArgs } from '../../vocabulary/args.js';
import { attachControllers } from '../controllers.js';
import type { NvmeGuestWorld } from '../world.js';

/** Scans the bus behind each controller's own root port, and waits until all of them serve I/O. */
export const guestAttach = (world: NvmeGuestWorld, args: AttachArgs): Promise<void> =>
  attachControllers(world, args.controllers);
