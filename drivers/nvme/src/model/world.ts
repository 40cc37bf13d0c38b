// SPDX-License-Identifier: GPL-2.0-only
import { currentMachine } from '@libmultipath/driver-kit';
import { NamespaceMedia } from '../environment/hardware.js';
import { makeHardware } from '../environment/interrupts.js';
import type { nvme_multipath } from '../environment/multipath-ops.js';
import { nvme_core } from '../environment/nvme-core.js';
import type { NvmeEnvironmentParts } from '../environment/parts.js';
import { pci_slot } from '../environment/pci-slot.js';
import { errors } from '../errors.js';
import type { NvmeTopology } from '../topology.js';
import { model_session } from './session.js';

const SECTORS_PER_MIB = 2_048;
const SUBNQN = 'nqn.2019-08.org.qemu:mpath';

/**
 * The model as the words see it, whoever implements multipath on the environment: they
 * act through PCI, sysfs and the block layer, as a user does.
 */
export interface NvmeModelWorld {
  readonly topology: NvmeTopology;
  readonly core: nvme_core;
  /** Controller label → its place in the machine. */
  readonly slots: ReadonlyMap<string, pci_slot>;
  readonly session: model_session;
}

/** Builds the initial state on the current machine: every controller in its slot, none attached. */
export const makeNvmeWorld = (
  topology: NvmeTopology,
  parts: NvmeEnvironmentParts,
  mpath: nvme_multipath,
): NvmeModelWorld => {
  const core = new nvme_core(parts, mpath);
  const medias = topology.namespaces.map((ns) => ({
    ...ns,
    media: new NamespaceMedia(ns.nsid, ns.sizeMiB * SECTORS_PER_MIB),
  }));
  medias.sort((a, b) => a.nsid - b.nsid);
  const slots = new Map<string, pci_slot>();
  for (const { label, node } of topology.controllers) {
    const own = medias.filter(({ on }) => on.includes(label));
    slots.set(label, new pci_slot(core, label, node, { subnqn: SUBNQN }, own, makeHardware(label)));
  }
  const session = new model_session();
  const { globals } = currentMachine();
  globals.set('nvme_core', core);
  globals.set('pci_slots', [...slots.values()]);
  globals.set('session', session);
  return { topology, core, slots, session };
};

/** The controller's place. The scenario reader has checked the label. */
export const slotOf = (world: NvmeModelWorld, label: string): pci_slot => {
  const slot = world.slots.get(label);
  if (slot === undefined) {
    throw errors.fail('LMP-202', { message: `no controller is called ${label}`, todo: 'report this' });
  }
  return slot;
};
