// SPDX-License-Identifier: GPL-2.0-only
import type { attribute, attribute_group, LibV3 } from '@libmultipath/driver-kit';
import { counter_attribute, disk_attributes_6_9, queue_depth_attribute, silent } from '../environment/attributes.js';
import { head_of } from '../environment/nvme-ns.js';
import type { nvme_ns } from './nvme-ns.js';
import type { nvme_ns_head } from './nvme-ns-head.js';
import { mpath_iopolicy_of } from './policy.js';

/*
 * What sysfs shows of the disks: the conversion keeps every attribute of its base (7.2).
 * Identifiers are empty on an emulated controller and there is no ANA, so `uuid`, `nguid`,
 * `eui`, `ana_state` and `ana_grpid` are never there.
 */

/** Kernel: nvme_ns_attr_groups as a head's disk shows them, NVMe v3: `mpath_head.disk_groups`. */
export const head_groups = (lib: LibV3, head: nvme_ns_head): readonly attribute_group[] => {
  const { mpath_head } = head;
  const delayed_removal_secs: attribute = {
    mode: 0o644,
    show: () => lib.mpath_delayed_removal_secs_show(mpath_head),
    store: (buf) => lib.mpath_delayed_removal_secs_store(mpath_head, buf),
  };
  const diag = {
    io_requeue_no_usable_path_count: counter_attribute(mpath_head.requeue_no_usable_path_cnt),
    io_fail_no_available_path_count: counter_attribute(mpath_head.fail_no_avail_path_cnt),
  };
  return [
    { attrs: { ...silent(disk_attributes_6_9), delayed_removal_secs } },
    lib.mpath_attr_group,
    { name: 'diag', attrs: diag },
  ];
};

/** Kernel: queue_depth_show(), NVMe v3. */
const queue_depth = (lib: LibV3, ns: nvme_ns): attribute =>
  queue_depth_attribute(ns.ctrl, () => lib.mpath_qd_iopolicy(mpath_iopolicy_of(head_of(ns).subsys)));

/** Kernel: nvme_ns_attr_groups as a path's disk shows them, NVMe v3. */
export const path_groups = (lib: LibV3, ns: nvme_ns): readonly attribute_group[] => [
  {
    attrs: {
      ...silent(disk_attributes_6_9),
      queue_depth: queue_depth(lib, ns),
      numa_nodes: { mode: 0o444, show: () => lib.mpath_numa_nodes_show(ns.mpath_device) },
    },
  },
  {
    name: 'diag',
    // Commands of the model neither fail for good nor are retried in place.
    attrs: {
      command_retries_count: { mode: 0o644 },
      command_error_count: { mode: 0o644 },
      multipath_failover_count: counter_attribute(ns.failover),
    },
  },
];
