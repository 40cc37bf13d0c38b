// SPDX-License-Identifier: GPL-2.0-only
import {
  bitmap_list,
  for_each_node,
  load,
  rcu_dereference,
  srcu_read_lock,
  srcu_read_unlock,
  type attribute,
} from '@libmultipath/driver-kit';
import { counter_attribute, queue_depth_attribute } from '../environment/attributes.js';
import { NVME_IOPOLICY_NUMA, NVME_IOPOLICY_QD } from '../environment/constants.js';
import { head_of } from '../environment/nvme-ns.js';
import type { nvme_ns } from './nvme-ns.js';

/**
 * Nodes whose last choice was this path, which may be stale; an empty line when there are
 * none, nothing at all under another policy. Kernel: numa_nodes_show(), 7.2 and 7.3.
 */
const numa_nodes = (ns: nvme_ns): attribute => ({
  mode: 0o444,
  *show() {
    const head = head_of(ns);
    if ((yield* load(head.subsys, 'iopolicy')) !== NVME_IOPOLICY_NUMA) return '';
    const nodes: number[] = [];
    const srcu_idx = yield* srcu_read_lock(head.srcu);
    for (const node of for_each_node()) {
      if ((yield* rcu_dereference(head, 'current_path', node)) === ns) nodes.push(node);
    }
    yield* srcu_read_unlock(head.srcu, srcu_idx);
    return `${bitmap_list(nodes)}\n`;
  },
});

/** Kernel: queue_depth_show(), 7.2 and 7.3. */
const queue_depth = (ns: nvme_ns): attribute =>
  queue_depth_attribute(ns.ctrl, function* () {
    return (yield* load(head_of(ns).subsys, 'iopolicy')) === NVME_IOPOLICY_QD;
  });

/** Attributes that only a path's disk has, by name. */
export const path_attributes = { numa_nodes, queue_depth };
export type PathAttribute = keyof typeof path_attributes;

/** The path's counters, by name. */
export const path_diag = {
  multipath_failover_count: (ns: nvme_ns) => counter_attribute(ns.failover),
  command_retries_count: (ns: nvme_ns) => counter_attribute(ns.retries),
  command_error_count: (ns: nvme_ns) => counter_attribute(ns.errors),
};
export type PathDiag = keyof typeof path_diag;
