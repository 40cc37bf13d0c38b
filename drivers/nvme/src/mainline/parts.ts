// SPDX-License-Identifier: GPL-2.0-only
import type { bio, block_device_operations, file_operations, Steps } from '@libmultipath/driver-kit';
import type { nvme_ana_group_desc } from '../environment/ana-parse.js';
import type { nvme_ns_info } from '../environment/nvme-ns.js';
import type { nvme_subsystem } from '../environment/nvme-subsystem.js';
import type { nvme_request } from '../environment/request.js';
import type { AttributeNames } from './attributes.js';
import type { AvailablePath } from './available-path.js';
import type { RemoveHead } from './head-removal.js';
import type { ParseModuleIopolicy } from './iopolicy.js';
import type { nvme_ns } from './nvme-ns.js';
import type { nvme_ns_head } from './nvme-ns-head.js';
import type { PathIsDisabled } from './path-state.js';
import type { FindPath } from './select.js';

/**
 * How native multipath of one kernel differs from that of another: named functions and
 * data, one value for each kernel. Bodies never ask for a version.
 */
export interface MainlineParts {
  readonly path_is_disabled: PathIsDisabled;
  readonly find_path: FindPath;
  readonly available_path: AvailablePath;
  /** Length of `current_path`. */
  readonly current_path_length: () => number;
  /** Between a path's going live and the kick that tries again what waits. */
  readonly wait_before_kick: (head: nvme_ns_head) => Steps<void>;
  /** Sends the bio on to the path, inside the head's SRCU section. */
  readonly send_to_path: (ns: nvme_ns, bio: bio) => Steps<void>;
  /** A bio was put on the requeue list. */
  readonly count_requeued: (head: nvme_ns_head) => Steps<void>;
  /** A bio was failed for want of a path. */
  readonly count_failed: (head: nvme_ns_head) => Steps<void>;
  readonly start_request: (rq: nvme_request) => Steps<void>;
  readonly end_request: (rq: nvme_request) => Steps<void>;
  readonly failover_req: (rq: nvme_request) => Steps<void>;
  /** Flags that a bio loses when its request fails over. */
  readonly cleared_when_stolen: number;
  /** Operations of the head's character device. */
  readonly chr_operations: (head: nvme_ns_head) => file_operations;
  /** What the head's disk has beside its queue. */
  readonly head_operations: (head: nvme_ns_head) => block_device_operations;
  /** A group of the ANA log names the path. */
  readonly update_ns_ana_state: (ns: nvme_ns, desc: nvme_ana_group_desc) => Steps<void>;
  /** Names of the policies, by number. */
  readonly iopolicy_names: readonly string[];
  /** What a write to the module's parameter `iopolicy` is taken for. */
  readonly module_iopolicy: ParseModuleIopolicy;
  /** Write to the subsystem's `iopolicy`. @returns bytes taken or -errno */
  readonly iopolicy_store: (subsys: nvme_subsystem, names: readonly string[], buf: string) => Steps<number>;
  readonly attributes: AttributeNames;
  /** Links from the head's directory to its paths' disks. */
  readonly add_sysfs_link: (head: nvme_ns_head) => Steps<void>;
  readonly remove_sysfs_link: (ns: nvme_ns) => Steps<void>;
  /** Makes the head's character device known. */
  readonly add_cdev: (head: nvme_ns_head) => Steps<void>;
  /** May a new path join this head, found by its nsid? Takes a reference when it may. */
  readonly take_found_head: (head: nvme_ns_head) => Steps<boolean>;
  /** Is a namespace that is not shared refused by a head that exists? */
  readonly refuses_unshared: (head: nvme_ns_head, info: nvme_ns_info) => Steps<boolean>;
  /** A path has joined the head; `subsys->lock` is no longer held. */
  readonly path_joined: (head: nvme_ns_head) => Steps<void>;
  /** The head's disk was made. */
  readonly disk_made: (head: nvme_ns_head) => Steps<void>;
  /** The last path left the list; `subsys->lock` is held. */
  readonly unlink_head: (head: nvme_ns_head) => Steps<void>;
  /** The last kick of a head's removal, and what goes with it; only where the removal can be delayed. */
  readonly remove_head: RemoveHead;
  /** The head lost its last path. */
  readonly remove_disk: (head: nvme_ns_head) => Steps<void>;
  /** nvme_alloc_ns() failed and its path has left the list; no lock is held. */
  readonly await_readers: (head: nvme_ns_head) => Steps<void>;
  /** nvme_alloc_ns() failed with the only path of the head: what else holds it is dropped. */
  readonly drop_failed_head: (head: nvme_ns_head) => Steps<void>;
}
