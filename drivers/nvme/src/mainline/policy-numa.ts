// SPDX-License-Identifier: GPL-2.0-only
import { kfn, numa_node_id, rcu_dereference, type Steps } from '@libmultipath/driver-kit';
import { __nvme_find_path } from './find-path.js';
import type { nvme_ns } from './nvme-ns.js';
import type { nvme_ns_head } from './nvme-ns-head.js';
import { nvme_path_is_optimized } from './path-state.js';

/**
 * The remembered path of this node while it is optimized, whether or not it is disabled.
 * Kernel: nvme_numa_path(), 6.11 to 7.3; in 6.1 the same is part of nvme_find_path().
 * Context: any, under `head->srcu`.
 */
export const nvme_numa_path = kfn('nvme_numa_path', function* (head: nvme_ns_head): Steps<nvme_ns | null> {
  const node = numa_node_id();
  const ns = yield* rcu_dereference(head, 'current_path', node);
  if (ns === null) return yield* __nvme_find_path(head, node);
  if (!(yield* nvme_path_is_optimized(ns))) return yield* __nvme_find_path(head, node);
  return ns;
});
