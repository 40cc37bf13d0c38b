// SPDX-License-Identifier: GPL-2.0-only
import type { attribute, attribute_group, gendisk, mpath_iopolicy, Steps } from '@libmultipath/driver-kit';
import type { AnaStateAccess } from '../environment/ana-state.js';
import type { nvme_ctrl } from '../environment/nvme-ctrl.js';
import type { nvme_ns_info } from '../environment/nvme-ns.js';
import type { nvme_subsystem } from '../environment/nvme-subsystem.js';
import type { RequeueList } from '../environment/steal-bio.js';
import type { template_head } from './nvme-ns-head.js';
import type { template_ns } from './nvme-ns.js';

/** Head and path as one conversion lays them out, and how a head comes and goes. */
export interface HeadParts {
  new_ns(ctrl: nvme_ctrl, info: nvme_ns_info): template_ns;
  new_head(subsys: nvme_subsystem, info: nvme_ns_info, instance: number): template_head;
  /** What nvme_alloc_ns_head() does before the disk is asked for. @returns 0 or -errno */
  init_head(head: template_head, ctrl: nvme_ctrl, lacks: readonly string[]): Steps<number>;
  /** The library's part of nvme_mpath_alloc_disk(). @returns 0 or -errno, and nothing is left of it then */
  alloc_disk(head: template_head, ctrl: nvme_ctrl, lacks: readonly string[]): Steps<number>;
  /** Undoes {@link init_head}. */
  undo_head(head: template_head): Steps<void>;
  /** nvme_free_ns_head(): the last reference went. Context: may sleep. */
  free_ns_head(head: template_head): Steps<void>;
  /** Does nvme_mpath_add_disk() go on? Without multipath v1 knows no state of the path. Pure. */
  serves(head: template_head): boolean;
  /** The head's disk; null: it is no multipath head. Pure. */
  disk_of(head: template_head): gendisk | null;
  /** Where its bios wait. Pure. */
  requeue_list(head: template_head): RequeueList;
  /** The head of a disk of the library; undefined: it is none. For observers; pure. */
  head_of_disk(disk: gendisk): template_head | undefined;
}

/** What the driver asks of the library for a path or a head, by the names of the wrappers that the series adds. */
export interface PathParts {
  /** nvme_add_ns(): the path joins. Context: `subsys->lock` held. */
  add_ns(ns: template_ns, head: template_head): Steps<void>;
  /** nvme_delete_ns(). Context: `subsys->lock` held. @returns true: it was the last one */
  delete_ns(ns: template_ns): Steps<boolean>;
  /** Has the head no path? Context: `subsys->lock` held. */
  is_empty(head: template_head): Steps<boolean>;
  /** nvme_mpath_synchronize(). */
  synchronize(head: template_head): Steps<void>;
  /** nvme_mpath_clear_current_path(). */
  clear_current_path(ns: template_ns): Steps<boolean>;
  /** Lets the bios that wait try again. */
  kick(head: template_head): Steps<void>;
  /** nvme_mpath_revalidate_paths(). Context: the queue of the head's disk is frozen. */
  revalidate_paths(head: template_head): Steps<void>;
  /** The path's ANA state is another one: what selection looks at follows. */
  set_access_state(ns: template_ns, ana_state: number): Steps<void>;
  /** mpath_device_set_live(). */
  set_live(ns: template_ns): Steps<void>;
  /** Is the head's disk in the system? */
  is_disk_live(head: template_head): Steps<boolean>;
  add_sysfs_link(head: template_head): Steps<void>;
  /** nvme_mpath_remove_sysfs_link(). */
  remove_sysfs_link(ns: template_ns): Steps<void>;
}

/** The end of a head. */
export interface RemovalParts {
  /** nvme_mpath_head_queue_if_no_path(). */
  queue_if_no_path(head: template_head): Steps<boolean>;
  /** mpath_can_remove_head(). Context: `subsys->lock` held. */
  can_remove_head(head: template_head): Steps<boolean>;
  /** The disk leaves the system. Context: no lock held. */
  remove_disk(head: template_head): Steps<void>;
  /** Error path of nvme_alloc_ns(): the path leaves its head, and its reference on that goes. Context: no lock held. */
  unlink_ns(ns: template_ns): Steps<void>;
}

/** What sysfs shows. */
export interface SysfsParts {
  /** The group `multipath` of the head's disk. */
  readonly attr_group: attribute_group;
  readonly qd_iopolicy: (policy: mpath_iopolicy) => Steps<boolean>;
  readonly iopolicy_show: (policy: mpath_iopolicy) => Steps<string>;
  /** mpath_set_iopolicy(), for the module parameter. @returns 0 or -EINVAL */
  readonly set_iopolicy: (val: string | null, policy: mpath_iopolicy) => Steps<number>;
  /** nvme_subsys_iopolicy_store(). @returns bytes taken or -EINVAL */
  iopolicy_store(subsys: nvme_subsystem, policy: mpath_iopolicy, buf: string): Steps<number>;
  numa_nodes_show(ns: template_ns): Steps<string>;
  delayed_removal_secs_show(head: template_head): Steps<string>;
  delayed_removal_secs_store(head: template_head, buf: string): Steps<number>;
  /** ns_head_update_nuse(). @returns 0, -errno, or a positive status */
  head_nuse(head: template_head): Steps<number>;
  /** Counters of the head in its group `diag`, by name. */
  head_diag(head: template_head): Readonly<Record<string, attribute>>;
}

/**
 * One posted conversion of NVMe: the series "nvme: switch to libmultipath" in its places that differ
 * between v1, v2 and v3. What is the same stands once, in the functions that take this.
 */
export interface NvmeConversion extends HeadParts, PathParts, RemovalParts, SysfsParts {
  readonly revision: string;
  /** Names out of features.ts: what its base has. */
  readonly features: ReadonlySet<string>;
  /** What a careless driver of the revision could leave out: callbacks, and `drv_module`. */
  readonly omissible: readonly string[];
  /** What of that this one leaves out. */
  readonly lacks: readonly string[];
  /** How the driver's own copy of the ANA state is read and stored. */
  readonly ana_state: AnaStateAccess;
  /** Boots the library. */
  mpath_init(): void;
}
