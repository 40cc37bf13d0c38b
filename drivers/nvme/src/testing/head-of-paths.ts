// SPDX-License-Identifier: GPL-2.0-only
import { list_add_tail_rcu, NUMA_NO_NODE, type Steps } from '@libmultipath/driver-kit';
import { nvme_ctrl } from '../environment/nvme-ctrl.js';
import { nvme_subsystem } from '../environment/nvme-subsystem.js';
import { pci_slot } from '../environment/pci-slot.js';
import { nvme_hw, NamespaceMedia } from '../environment/hardware.js';
import { nvme_ns_head } from '../mainline/nvme-ns-head.js';
import { nvme_ns } from '../mainline/nvme-ns.js';
import type { MainlineParts } from '../mainline/parts.js';
import type { NvmeModelWorld } from '../model/world.js';

/** State of one path, as selection sees it. */
export interface PathState {
  readonly state: number;
  readonly flags: number;
  readonly ana: number;
  /** -1: its controller has no node. */
  readonly node: number;
  readonly depth: number;
}

/** A head with paths in the given states, in list order, without disks. */
export function* headOfPaths(
  { core }: NvmeModelWorld,
  parts: MainlineParts,
  iopolicy: number,
  paths: readonly PathState[],
): Steps<{ head: nvme_ns_head; list: nvme_ns[] }> {
  const subsys = new nvme_subsystem(core, 'nqn.test', 0);
  subsys.iopolicy = iopolicy;
  const head = new nvme_ns_head(subsys, 1, true, 1, parts);
  const media = new NamespaceMedia(1, 2_048);
  const list: nvme_ns[] = [];
  for (const [index, path] of paths.entries()) {
    const node = path.node === NUMA_NO_NODE ? undefined : path.node;
    const slot = new pci_slot(core, `p${String(index)}`, node, { subnqn: 'nqn.test' }, [], new nvme_hw());
    const ctrl = new nvme_ctrl(core, slot, index);
    ctrl.state = path.state;
    ctrl.nr_active.counter = path.depth;
    const ns = new nvme_ns(ctrl, media);
    ns.flags = path.flags;
    ns.ana_state = path.ana;
    ns.head = head;
    yield* list_add_tail_rcu(ns.siblings, head.list);
    list.push(ns);
  }
  return { head, list };
}
