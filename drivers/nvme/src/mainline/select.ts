// SPDX-License-Identifier: GPL-2.0-only
import { kfn, numa_node_id, rcu_dereference, READ_ONCE, type Steps } from '@libmultipath/driver-kit';
import { NVME_IOPOLICY_QD, NVME_IOPOLICY_RR } from '../environment/constants.js';
import { __nvme_find_path } from './find-path.js';
import type { nvme_ns } from './nvme-ns.js';
import type { nvme_ns_head } from './nvme-ns-head.js';
import { nvme_path_is_optimized } from './path-state.js';
import { nvme_numa_path } from './policy-numa.js';
import { nvme_queue_depth_path } from './policy-queue-depth.js';
import { round_robin_path_6_1, round_robin_path_6_11 } from './policy-round-robin.js';

/** Part of a profile: the path for a bio submitted on this CPU. */
export type FindPath = (head: nvme_ns_head) => Steps<nvme_ns | null>;

/**
 * A node without a remembered path takes the slow path before the policy is looked at.
 * Kernel: nvme_find_path(), 6.1. Context: any, under `head->srcu`.
 */
export const find_path_6_1: FindPath = kfn('nvme_find_path', function* (head: nvme_ns_head) {
  const node = numa_node_id();
  const ns = yield* rcu_dereference(head, 'current_path', node);
  if (ns === null) return yield* __nvme_find_path(head, node);
  if ((yield* READ_ONCE(head.subsys, 'iopolicy')) === NVME_IOPOLICY_RR) {
    return yield* round_robin_path_6_1(head, node, ns);
  }
  if (!(yield* nvme_path_is_optimized(ns))) return yield* __nvme_find_path(head, node);
  return ns;
});

/** Kernel: nvme_find_path(), 6.11 to 7.3. Context: any, under `head->srcu`. */
export const find_path_6_11: FindPath = kfn('nvme_find_path', function* (head: nvme_ns_head) {
  switch (yield* READ_ONCE(head.subsys, 'iopolicy')) {
    case NVME_IOPOLICY_QD:
      return yield* nvme_queue_depth_path(head);
    case NVME_IOPOLICY_RR:
      return yield* round_robin_path_6_11(head);
    default:
      return yield* nvme_numa_path(head);
  }
});
