// SPDX-License-Identifier: GPL-2.0-only
import type { Steps } from '@libmultipath/driver-kit';
import type { NamespacesGuard } from './namespaces-guard.js';
import type { nvme_ctrl } from './nvme-ctrl.js';
import type { pci_slot } from './pci-slot.js';

/** How the core and PCI drivers of one kernel differ from those of another: named functions, one value. */
export interface NvmeEnvironmentParts {
  /** What an accepted change of the controller's state does after the lock was dropped. */
  readonly state_follow_up: (ctrl: nvme_ctrl, old_state: number, new_state: number) => Steps<void>;
  /** What protects `ctrl->namespaces`. */
  readonly namespaces_guard: (ctrl: nvme_ctrl) => NamespacesGuard;
  /** What the PCI core does with a function that a rescan found. */
  readonly device_attach: (slot: pci_slot) => Steps<void>;
  /** Scans the namespaces of one active list, ascending. */
  readonly scan_ns_list: (ctrl: nvme_ctrl, nsids: readonly number[]) => Steps<void>;
}
