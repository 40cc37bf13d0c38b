// SPDX-License-Identifier: GPL-2.0-only
import { settle, type Steps } from '@libmultipath/driver-kit';
import { NVME_ANA_OPTIMIZED } from '../environment/constants.js';
import { anaIdentity } from '../environment/controller-identity.js';
import type { nvme_ns_base } from '../environment/nvme-ns.js';
import { attachSlot } from '../model/attach-slot.js';
import { findPaths } from '../model/disks.js';
import { slotOf, type NvmeModelWorld } from '../model/world.js';
import type { NvmeTargets, NvmeTopology } from '../topology.js';
import { topologyOf, twoPaths } from './kernel-run.js';

/** Two controllers with ANA that reach namespace 1, which is in group 1, optimized at first. */
export const anaPaths = (more: Partial<NvmeTargets> = {}, base: NvmeTopology = twoPaths): NvmeTopology => ({
  ...base,
  targets: { identity: anaIdentity, groups: { 1: NVME_ANA_OPTIMIZED }, ...more },
});

/** As {@link anaPaths}, with as many namespaces. */
export const anaNamespaces = (count: number, more: Partial<NvmeTargets> = {}): NvmeTopology =>
  anaPaths(
    more,
    topologyOf({ controllers: ['c0'], namespaces: Array.from({ length: count }, (_, i) => ({ nsid: i + 1 })) }),
  );

/** Attaches the controllers one after the other, each to its end. */
export function* attachAll(world: NvmeModelWorld, labels: readonly string[] = [...world.slots.keys()]): Steps<void> {
  for (const label of labels) {
    yield* attachSlot(slotOf(world, label));
    yield* settle();
  }
}

/** The path of the controller to a namespace. @throws Error there is none */
export const pathAt = (world: NvmeModelWorld, label: string, nsid = 1): nvme_ns_base => {
  const found = findPaths(world).find((path) => path.label === label && path.ns.media.nsid === nsid);
  if (found === undefined) throw new Error(`no path of ${label} to ${String(nsid)}`);
  return found.ns;
};
