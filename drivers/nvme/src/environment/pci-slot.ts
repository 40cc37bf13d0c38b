// SPDX-License-Identifier: GPL-2.0-only
import { KObject } from '@libmultipath/driver-kit';
import {
  emulatedIdentity,
  emulatedTexts,
  targetTexts,
  type ControllerIdentity,
  type ControllerTexts,
} from './controller-identity.js';
import type { NamespaceMedia, nvme_hw } from './hardware.js';
import type { nvme_ns_ids } from './ns-ids.js';
import type { nvme_core } from './nvme-core.js';
import type { nvme_ctrl } from './nvme-ctrl.js';
import type { NvmfOptions } from './nvmf-options.js';
import type { nvme_target } from './target.js';

/** What the controllers of one NVM subsystem have in common. */
export interface SubsystemIdentity {
  readonly subnqn: string;
}

/** A namespace as one controller reports it. What is left out is as with an emulated one. */
export interface SlotNamespace {
  readonly shared: boolean;
  readonly media: NamespaceMedia;
  /** Another size than that of the media; 0: it is there no more. Sectors of 512 bytes. */
  readonly capacitySectors?: number;
  /** Its ANA group; 1 unless said. */
  readonly anagrpid?: number;
  readonly ids?: nvme_ns_ids;
  /** False: it is not ready yet. */
  readonly isReady?: boolean;
}

/** What stands behind a slot, where it is no emulated controller. */
export interface Behind {
  /** Its answers may change. */
  readonly target: nvme_target;
  /** A fabrics connection instead of a PCI function. */
  readonly fabrics?: NvmfOptions;
}

/** A PCI function behind its root port, or a connection to a target, and the driver data of what is bound to it. */
export class pci_slot extends KObject {
  /** Kernel: pci_get_drvdata(). */
  drvdata: nvme_ctrl | null = null;
  /** States that its controllers were to enter, in their order. Each is noted under the controller's lock. */
  readonly states: number[] = [];
  /** Those of them that were not refused. */
  readonly entered: number[] = [];
  /** How often it was found: tasks of each time have names of their own. */
  times = 0;
  readonly target: nvme_target | null;
  readonly fabrics: NvmfOptions | null;

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
    behind?: Behind,
    /** Number of the controller in its subsystem, in the order of the topology. */
    readonly nth = 0,
  ) {
    super();
    this.target = behind?.target ?? null;
    this.fabrics = behind?.fabrics ?? null;
  }

  get identity(): ControllerIdentity {
    return this.target?.identity ?? emulatedIdentity;
  }

  /** The emulator counts from 0, the target from 1. */
  get cntlid(): number {
    return this.identity.cntlid ?? (this.target === null ? this.nth : this.nth + 1);
  }

  get texts(): ControllerTexts {
    return this.target === null ? emulatedTexts : targetTexts;
  }
}
