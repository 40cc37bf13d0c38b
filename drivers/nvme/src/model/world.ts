// SPDX-License-Identifier: GPL-2.0-only
import { currentMachine } from '@libmultipath/driver-kit';
import { NVME_ANA_OPTIMIZED } from '../environment/constants.js';
import { anaIdentity } from '../environment/controller-identity.js';
import { NamespaceMedia } from '../environment/hardware.js';
import { makeHardware } from '../environment/interrupts.js';
import type { nvme_multipath } from '../environment/multipath-ops.js';
import { nvme_core } from '../environment/nvme-core.js';
import type { NvmeEnvironmentParts } from '../environment/parts.js';
import { noIds } from '../environment/ns-ids.js';
import { nvmfDefaults } from '../environment/nvmf-options.js';
import { pci_slot, type Behind, type SlotNamespace } from '../environment/pci-slot.js';
import { nvme_target } from '../environment/target.js';
import { errors } from '../errors.js';
import { controllersOf, readSectorOf, subsystemNqn, type NvmeTargets, type NvmeTopology } from '../topology.js';
import { attachBefore } from './attach-slot.js';
import { model_session } from './session.js';

const SECTORS_PER_MIB = 2_048;
const SECTORS_PER_BLOCK = 8;

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

/** The target behind one controller, with what the topology says of it. */
const makeTarget = (targets: NvmeTargets, label: string, own: readonly SlotNamespace[]): Behind => {
  const { identity, fabrics, groups = {}, groupOf = {}, idsOf = {} } = targets;
  const namespaces = own.map((ns): SlotNamespace => {
    const { nsid } = ns.media;
    const ids = idsOf[`${label}/${String(nsid)}`] ?? idsOf[String(nsid)] ?? noIds;
    return { shared: ns.shared, media: ns.media, anagrpid: groupOf[nsid] ?? 1, ids };
  });
  const target = new nvme_target(identity, namespaces);
  for (const [grpid, state] of Object.entries(groups)) target.groups.set(Number(grpid), state);
  return fabrics === undefined ? { target } : { target, fabrics };
};

/** A target on the loopback address, as nvmet is one, with a log page no longer than it needs; undefined: PCI functions. */
const tcpTargets = ({ transport, namespaces }: NvmeTopology): NvmeTargets | undefined => {
  if (transport !== 'tcp') return undefined;
  const groupOf = Object.fromEntries(namespaces.map(({ nsid, group }) => [nsid, group]));
  const groups = Object.fromEntries(Object.values(groupOf).map((group) => [group, NVME_ANA_OPTIMIZED]));
  const identity = { ...anaIdentity, nanagrpid: Object.keys(groups).length, mnan: namespaces.length };
  return { identity, fabrics: nvmfDefaults, groups, groupOf };
};

/** Builds the initial state on the current machine: every controller in its slot, none attached. */
export const makeNvmeWorld = (
  topology: NvmeTopology,
  parts: NvmeEnvironmentParts,
  mpath: nvme_multipath,
): NvmeModelWorld => {
  const core = new nvme_core(parts, mpath);
  core.multipath = topology.multipath !== false;
  const medias = topology.namespaces.map((ns) => ({
    ...ns,
    media: new NamespaceMedia(ns.nsid, ns.sizeMiB * SECTORS_PER_MIB),
  }));
  for (const { media } of medias) media.hasReservations = topology.reservations === true;
  for (const { media, badRead } of medias) {
    if (badRead !== undefined) media.badBlock = readSectorOf(topology, badRead - 1) / SECTORS_PER_BLOCK;
  }
  medias.sort((a, b) => a.nsid - b.nsid);
  const slots = new Map<string, pci_slot>();
  const targets = topology.targets ?? tcpTargets(topology);
  for (const { label, node, subsystem } of topology.controllers) {
    const nth = controllersOf(topology.controllers, subsystem).indexOf(label);
    const own = medias.filter(({ on }) => on.includes(label));
    const subnqn = targets?.subnqnOf?.[label] ?? subsystemNqn(topology, subsystem);
    const behind = targets === undefined ? undefined : makeTarget(targets, label, own);
    const hw = makeHardware(label);
    if (topology.queueEntries !== undefined) hw.tags = topology.queueEntries - 1;
    slots.set(label, new pci_slot(core, label, node, { subnqn }, own, hw, behind, nth));
  }
  const session = new model_session();
  const { globals } = currentMachine();
  globals.set('nvme_core', core);
  globals.set('pci_slots', [...slots.values()]);
  globals.set('session', session);
  attachBefore((topology.attached ?? []).flatMap((label) => slots.get(label) ?? []));
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
