// SPDX-License-Identifier: GPL-2.0-only
import { KObject } from '@libmultipath/driver-kit';
import type { NamespaceMedia, nvme_hw } from './hardware.js';
import type { nvme_core } from './nvme-core.js';
import type { nvme_ctrl } from './nvme-ctrl.js';

/** What the controllers of one NVM subsystem have in common. */
export interface SubsystemIdentity {
  readonly subnqn: string;
}

export interface SlotNamespace {
  readonly shared: boolean;
  readonly media: NamespaceMedia;
}

/** A PCI function behind its root port, and the driver data of what is bound to it. */
export class pci_slot extends KObject {
  /** Kernel: pci_get_drvdata(). */
  drvdata: nvme_ctrl | null = null;
  /** How often it was found: tasks of each time have names of their own. */
  times = 0;

  constructor(
    readonly core: nvme_core,
    /** Label of the controller in the topology. */
    readonly slotLabel: string,
    /** NUMA node; undefined on the root bus. */
    readonly node: number | undefined,
    readonly subsystem: SubsystemIdentity,
    /** Namespaces attached to it, ascending by nsid. */
    readonly namespaces: readonly SlotNamespace[],
    readonly hw: nvme_hw,
  ) {
    super();
  }
}
