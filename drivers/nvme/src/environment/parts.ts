// SPDX-License-Identifier: GPL-2.0-only
import type { Steps } from '@libmultipath/driver-kit';
import type { PassthroughRules } from '../passthrough/rules.js';
import type { AnaBounds } from './ana-parse.js';
import type { DecideDisposition } from './disposition.js';
import type { CtrlAttribute } from './ctrl-attributes.js';
import type { NamespacesGuard } from './namespaces-guard.js';
import type { nvme_ctrl } from './nvme-ctrl.js';
import type { NuseResult } from './ns-attributes.js';
import type { nvme_ns_base } from './nvme-ns.js';
import type { pci_slot } from './pci-slot.js';
import type { FallsBack } from './scan-in-order.js';
import type { ShouldReconnect } from './tcp.js';

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
  /** The active list could not be read: is every id up to the highest asked for? */
  readonly falls_back_to_sequential: FallsBack;
  readonly decide_disposition: DecideDisposition;
  /** A request is tried again on the same path. */
  readonly count_retry: (ns: nvme_ns_base) => Steps<void>;
  /** A request failed for good. */
  readonly count_error: (ns: nvme_ns_base) => Steps<void>;
  /** A controller enters state RESETTING. */
  readonly count_reset: (ctrl: nvme_ctrl) => Steps<void>;
  /** The controller did not come back from a reset; what is left of it. */
  readonly reset_failed: (ctrl: nvme_ctrl, result: number) => Steps<void>;
  /** A connection ended, or was not made: is it tried again? */
  readonly should_reconnect: ShouldReconnect;
  /** nvme_remove_namespaces() is about to wait for the scan. */
  readonly before_scan_ends: (ctrl: nvme_ctrl) => Steps<void>;
  /** nvme_mpath_init_identify() begins to count requests anew. */
  readonly reset_nr_active: (ctrl: nvme_ctrl) => Steps<void>;
  /** Attributes of a controller that only some kernels have. */
  readonly ctrl_attributes: readonly CtrlAttribute[];
  /** Is there a module parameter that makes a head for every namespace? */
  readonly has_always_on: boolean;
  /** What a reader of `nuse` gets where the device does not answer. */
  readonly nuse_result: NuseResult;
  /** Does the ANA log's check of sizes wrap where a size exceeds the log? */
  readonly ana_bounds: AnaBounds;
  /** Does a path's own character device hold the path until it is released? Before, each opener does. */
  readonly ns_cdev_held: boolean;
  readonly passthrough: PassthroughRules;
  /** Is a namespace refused while the controller's queues are frozen? */
  readonly refused_while_frozen: (ctrl: nvme_ctrl) => Steps<boolean>;
}
