// SPDX-License-Identifier: GPL-2.0-only
import type { attribute_group, file, gendisk, Steps } from '@libmultipath/driver-kit';
import type { nvme_ana_group_desc } from './ana-parse.js';
import type { nvme_core } from './nvme-core.js';
import type { nvme_ctrl } from './nvme-ctrl.js';
import type { nvme_ns_base, nvme_ns_info } from './nvme-ns.js';
import type { nvme_ns_head_base } from './nvme-ns-head-base.js';
import type { nvme_subsystem } from './nvme-subsystem.js';
import type { nvme_request } from './request.js';

/**
 * What core.c and pci.c call of whoever implements multipath: the driver itself
 * (`mainline/`) or the template over libmultipath. Each function keeps the name that
 * core.c knows it by, and is called at the place where core.c calls it. Implementations
 * take their own subclasses of path and head; core.c hands back what they made.
 */
export interface nvme_multipath {
  /** Attributes of the subsystem device. Called while that is made. */
  subsystem_groups(subsys: nvme_subsystem): readonly attribute_group[];
  /** Names of the policies, by their numbers. */
  readonly iopolicy_names: readonly string[];
  /** nvme_set_iopolicy(): the module's parameter. @returns 0 or -EINVAL */
  set_module_iopolicy(core: nvme_core, val: string): Steps<number>;
  /** A new path, reference count 1, on no list. */
  new_ns(ctrl: nvme_ctrl, info: nvme_ns_info): nvme_ns_base;
  /**
   * nvme_init_ns_head(): finds or makes the head and puts the path on its list.
   * @returns 0 or -errno
   */
  init_ns_head(ns: nvme_ns_base, info: nvme_ns_info): Steps<number>;
  /** `ns->head->disk`: null when the head is no multipath head, as nvme_ns_head_multipath() asks. Pure. */
  head_disk(ns: nvme_ns_base): gendisk | null;
  /** nvme_mpath_revalidate_paths(): paths are looked at again. Context: the queue of the head's disk is frozen. */
  revalidate_paths(ns: nvme_ns_base): Steps<void>;
  /** Attributes of a path's disk. Pure. */
  path_groups(ns: nvme_ns_base): readonly attribute_group[];
  /** nvme_mpath_add_disk(): the path's disk is there, in this ANA group. */
  mpath_add_disk(ns: nvme_ns_base, anagrpid: number): Steps<void>;
  /**
   * nvme_update_ns_ana_state(): a group of the ANA log names the path. Absent: whoever implements multipath does not
   * know of ANA, and no controller uses it. Context: may sleep, `ana_lock` held.
   */
  update_ns_ana_state?(ns: nvme_ns_base, desc: nvme_ana_group_desc): Steps<void>;
  /** Error path of nvme_alloc_ns(): takes the path off its head again and drops its reference. */
  unlink_ns(ns: nvme_ns_base): Steps<void>;
  /**
   * The part of nvme_ns_remove() between the path's capacity and its disk: nobody chooses
   * the path any more, and nobody is inside it.
   * @returns true when it was the head's last one
   */
  remove_from_head(ns: nvme_ns_base): Steps<boolean>;
  /** nvme_mpath_remove_sysfs_link(), before the path's disk goes. */
  remove_sysfs_link(ns: nvme_ns_base): Steps<void>;
  /** The head lost its last path: nvme_mpath_shutdown_disk() (6.1), nvme_mpath_remove_disk() (7.x). */
  remove_disk(head: nvme_ns_head_base): Steps<void>;
  /** nvme_put_ns_head(). */
  put_ns_head(head: nvme_ns_head_base): Steps<void>;
  /** nvme_mpath_clear_ctrl_paths(). */
  clear_ctrl_paths(ctrl: nvme_ctrl): Steps<void>;
  /** nvme_kick_requeue_lists(). */
  kick_requeue_lists(ctrl: nvme_ctrl): Steps<void>;
  /** nvme_mpath_start_request(). */
  start_request(rq: nvme_request): Steps<void>;
  /** nvme_mpath_end_request(). */
  end_request(rq: nvme_request): Steps<void>;
  /** nvme_failover_req(): the bio goes back to the head. Context: atomic. */
  failover_req(rq: nvme_request): Steps<void>;

  /** `head->disk`: null when there is none. Absent: no head is frozen for a command that nothing may run beside. Pure. */
  disk_of?(head: nvme_ns_head_base): gendisk | null;
  /**
   * Opens the head's character device. Context: may sleep.
   * @param mode FMODE_READ, FMODE_WRITE
   * @returns the file, or -errno
   */
  open_chr(disk: gendisk, mode: number): Steps<file | number>;
  /** Namespace of a head's disk. For observers; pure. */
  head_nsid(disk: gendisk): number | undefined;
}
