// SPDX-License-Identifier: GPL-2.0-only
import type { Steps } from '@libmultipath/driver-kit';
import { nvme_remove } from '../environment/pci.js';
import { errors } from '../errors.js';
import type { AttachArgs, DetachArgs } from '../vocabulary/args.js';
import { feedLoads, setPhase } from './streams.js';
import { slotOf, type NvmeModelWorld } from './world.js';

/**
 * A PCI rescan finds the controllers; the rest goes on without the caller.
 * @throws LMP-201 one of them is attached already
 */
export function* modelAttach(world: NvmeModelWorld, args: AttachArgs): Steps<void> {
  const slots = args.controllers.map((label) => slotOf(world, label));
  const attached = slots.find(({ drvdata }) => drvdata !== null);
  if (attached !== undefined) {
    throw errors.fail('LMP-201', {
      message: `attach: ${attached.slotLabel} is attached already`,
      todo: 'detach it before',
    });
  }
  yield* feedLoads(world);
  for (const slot of slots) yield* world.core.parts.device_attach(slot);
}

/**
 * Orderly removal of the PCI function, to its end.
 * @throws LMP-201 it is not attached
 */
export function* modelDetach(world: NvmeModelWorld, args: DetachArgs): Steps<void> {
  const slot = slotOf(world, args.controller);
  if (slot.drvdata === null) {
    throw errors.fail('LMP-201', { message: `detach: ${args.controller} is not attached`, todo: 'attach it before' });
  }
  setPhase(world, 'during');
  yield* feedLoads(world);
  yield* nvme_remove(slot);
  setPhase(world, 'after');
  if ([...world.slots.values()].every(({ drvdata }) => drvdata === null)) world.core.journal.isOrphan = true;
}
