// SPDX-License-Identifier: GPL-2.0-only
import { currentMachine, settle, virtualTime, type Steps } from '@libmultipath/driver-kit';
import type { pci_slot } from '../environment/pci-slot.js';
import { nvme_tcp_create_ctrl } from '../environment/tcp-create.js';

/** The function is found, or the target connected to. What cannot be brought up is not there afterwards. */
export function* attachSlot(slot: pci_slot): Steps<void> {
  if (slot.fabrics === null) yield* slot.core.parts.device_attach(slot);
  else yield* nvme_tcp_create_ctrl(slot);
}

/**
 * The controllers are there before the program begins, one after the other, on one schedule: what they do when they
 * come is not what it asks about. That leaves outcomes out, and adds none.
 */
export const attachBefore = (slots: readonly pci_slot[]): void => {
  if (slots.length === 0) return;
  const machine = currentMachine();
  machine.spawn('attached', function* () {
    for (const slot of slots) {
      yield* attachSlot(slot);
      yield* settle([]);
    }
  });
  machine.prepare(virtualTime());
};
