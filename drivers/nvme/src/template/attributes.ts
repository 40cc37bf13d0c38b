// SPDX-License-Identifier: GPL-2.0-only
import {
  atomic_read,
  atomic_set,
  E,
  kstrtouint,
  type atomic_t,
  type attribute,
  type attribute_group,
  type LibV3,
} from '@libmultipath/driver-kit';
import { head_of, type nvme_ns } from './nvme-ns.js';
import type { nvme_ns_head } from './nvme-ns-head.js';
import { mpath_iopolicy_of } from './policy.js';

/*
 * What sysfs shows of the disks: the conversion keeps every attribute of its base (7.2).
 * Identifiers are empty on an emulated controller and there is no ANA, so `uuid`, `nguid`,
 * `eui`, `ana_state` and `ana_grpid` are never there.
 */

/** A counter that can be read and set, as those under `diag/`. Errors: EINVAL for anything but a number. */
const counter = (value: atomic_t): attribute => ({
  mode: 0o644,
  *show() {
    return `${String(yield* atomic_read(value))}\n`;
  },
  *store(buf) {
    const number = kstrtouint(buf);
    if (number < 0) return -E.EINVAL;
    yield* atomic_set(value, number);
    return buf.length;
  },
});

/** On head and path alike; the model does not say what is in them. */
const disk: Readonly<Record<string, attribute>> = {
  wwid: { mode: 0o444 },
  nsid: { mode: 0o444 },
  csi: { mode: 0o444 },
  metadata_bytes: { mode: 0o444 },
  nuse: { mode: 0o444 },
  passthru_err_log_enabled: { mode: 0o644 },
};

/** Kernel: nvme_ns_attr_groups as a head's disk shows them, NVMe v3: `mpath_head.disk_groups`. */
export const head_groups = (lib: LibV3, head: nvme_ns_head): readonly attribute_group[] => {
  const { mpath_head } = head;
  const delayed_removal_secs: attribute = {
    mode: 0o644,
    show: () => lib.mpath_delayed_removal_secs_show(mpath_head),
    store: (buf) => lib.mpath_delayed_removal_secs_store(mpath_head, buf),
  };
  const diag = {
    io_requeue_no_usable_path_count: counter(mpath_head.requeue_no_usable_path_cnt),
    io_fail_no_available_path_count: counter(mpath_head.fail_no_avail_path_cnt),
  };
  return [{ attrs: { ...disk, delayed_removal_secs } }, lib.mpath_attr_group, { name: 'diag', attrs: diag }];
};

/** The controller's count; nothing at all under another policy. Kernel: queue_depth_show(), NVMe v3. */
const queue_depth = (lib: LibV3, ns: nvme_ns): attribute => ({
  mode: 0o444,
  *show() {
    if (!(yield* lib.mpath_qd_iopolicy(mpath_iopolicy_of(head_of(ns).subsys)))) return '';
    return `${String(yield* atomic_read(ns.ctrl.nr_active))}\n`;
  },
});

/** Kernel: nvme_ns_attr_groups as a path's disk shows them, NVMe v3. */
export const path_groups = (lib: LibV3, ns: nvme_ns): readonly attribute_group[] => [
  {
    attrs: {
      ...disk,
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
      multipath_failover_count: counter(ns.failover),
    },
  },
];
