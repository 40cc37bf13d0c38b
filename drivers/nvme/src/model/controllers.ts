// SPDX-License-Identifier: GPL-2.0-only
import { load, type Steps } from '@libmultipath/driver-kit';
import type { pci_slot } from '../environment/pci-slot.js';
import { nvme_remove } from '../environment/pci.js';
import { nvme_delete_ctrl_sync } from '../environment/tcp.js';
import { errors } from '../errors.js';
import type { AttachArgs, DetachArgs } from '../vocabulary/args.js';
import { attachSlot } from './attach-slot.js';
import { stallCommands, surpriseRemove } from './path-verbs.js';
import { feedLoads, setPhase } from './streams.js';
import { slotOf, type NvmeModelWorld } from './world.js';

/** Orderly removal of the function, or disconnection, to its end. Nothing where there is none. */
export function* detachSlot(slot: pci_slot): Steps<void> {
  if (slot.fabrics === null) {
    yield* nvme_remove(slot);
    return;
  }
  const ctrl = yield* load(slot, 'drvdata');
  if (ctrl !== null) yield* nvme_delete_ctrl_sync(ctrl);
}

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
  for (const slot of slots) yield* attachSlot(slot);
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
  yield* detachSlot(slot);
  setPhase(world, 'after');
  if ([...world.slots.values()].every(({ drvdata }) => drvdata === null)) world.core.journal.isOrphan = true;
}

/** @throws LMP-201 what is plugged in there is a connection */
const functionOf = (world: NvmeModelWorld, step: string, label: string): void => {
  if (slotOf(world, label).fabrics === null) return;
  throw errors.fail('LMP-201', {
    message: `${step}: ${label} is a connection to a target`,
    todo: 'leave `transport: tcp` out of the topology',
  });
};

/**
 * The firmware asks for the function: an orderly removal, since it answers until it is ejected. Kernel:
 * acpiphp_disable_and_eject_slot().
 * @throws LMP-201 it is not attached, or no PCI function
 */
export function* modelUnplug(world: NvmeModelWorld, args: DetachArgs): Steps<void> {
  functionOf(world, 'unplug', args.controller);
  yield* modelDetach(world, args);
}

/**
 * The function cannot be reached: what is in flight is cancelled before the paths go. Kernel: remove_store() of PCI,
 * nvme_remove() with a function that is not there. @throws LMP-201 it is not attached, or no PCI function
 */
export function* modelPull(world: NvmeModelWorld, { controller }: DetachArgs): Steps<void> {
  functionOf(world, 'pull', controller);
  if (slotOf(world, controller).drvdata === null) {
    throw errors.fail('LMP-201', { message: `pull: ${controller} is not attached`, todo: 'attach it before' });
  }
  setPhase(world, 'during');
  yield* feedLoads(world);
  yield* surpriseRemove(world, controller);
  setPhase(world, 'after');
  if ([...world.slots.values()].every(({ drvdata }) => drvdata === null)) world.core.journal.isOrphan = true;
}

/** Nothing that the function is given is completed. (Its commands do not time out here.) @throws LMP-201 no PCI function */
export function* modelMute(world: NvmeModelWorld, { controller }: DetachArgs): Steps<void> {
  functionOf(world, 'mute', controller);
  yield* feedLoads(world);
  yield* stallCommands(world, controller, true);
}

/** Kernel: acpiphp_check_bridge(). @throws LMP-201 it is attached, or no PCI function */
export function* modelPlug(world: NvmeModelWorld, { controller }: DetachArgs): Steps<void> {
  functionOf(world, 'plug', controller);
  yield* modelAttach(world, { controllers: [controller] });
}
