// SPDX-License-Identifier: GPL-2.0-only
import type { DetachArgs } from '../../vocabulary/args.js';
import { detachController } from '../controllers.js';
import type { NvmeGuestWorld } from '../world.js';

/** Writes the PCI function's `remove`; the kernel answers when the removal is done. */
export const guestDetach = (world: NvmeGuestWorld, args: DetachArgs): Promise<void> =>
  detachController(world, args.controller);
