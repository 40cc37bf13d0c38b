// SPDX-License-Identifier: GPL-2.0-only
import {
  currentMachine,
  distanceOf,
  kfn,
  list_first_or_null_rcu,
  list_next_or_null_rcu,
  load,
  LOCAL_DISTANCE,
  NUMA_NO_NODE,
  rcu_assign_pointer,
  READ_ONCE,
  type Steps,
} from '@libmultipath/driver-kit';
import { NVME_ANA_NONOPTIMIZED, NVME_ANA_OPTIMIZED, NVME_IOPOLICY_NUMA } from '../environment/constants.js';
import type { nvme_ns } from './nvme-ns.js';
import type { nvme_ns_head } from './nvme-ns-head.js';

/** Distance that counts: that of the nodes under `numa`, none otherwise. */
function* distance_to(head: nvme_ns_head, ns: nvme_ns, node: number): Steps<number> {
  const { numa_node } = ns.ctrl;
  if (numa_node === NUMA_NO_NODE) return LOCAL_DISTANCE;
  if ((yield* READ_ONCE(head.subsys, 'iopolicy')) !== NVME_IOPOLICY_NUMA) return LOCAL_DISTANCE;
  return distanceOf(currentMachine().numa, node, numa_node);
}

/**
 * The slow path: the nearest optimized path, else the nearest non-optimized one; of equals
 * the first on the list, which is the one attached first. A success is remembered for the
 * node; a failure leaves the old pointer where it is.
 * Kernel: __nvme_find_path(), all versions. Context: any, under `head->srcu`.
 * @returns null when no path qualifies
 */
export const __nvme_find_path = kfn(
  '__nvme_find_path',
  function* (head: nvme_ns_head, node: number): Steps<nvme_ns | null> {
    let found: nvme_ns | null = null;
    let fallback: nvme_ns | null = null;
    let found_distance = Number.MAX_SAFE_INTEGER;
    let fallback_distance = Number.MAX_SAFE_INTEGER;
    for (
      let ns = yield* list_first_or_null_rcu(head.list);
      ns !== null;
      ns = yield* list_next_or_null_rcu(head.list, ns.siblings)
    ) {
      if (yield* head.parts.path_is_disabled(ns)) continue;
      const distance = yield* distance_to(head, ns, node);
      const ana_state = yield* load(ns, 'ana_state');
      if (ana_state === NVME_ANA_OPTIMIZED && distance < found_distance) {
        found_distance = distance;
        found = ns;
      } else if (ana_state === NVME_ANA_NONOPTIMIZED && distance < fallback_distance) {
        fallback_distance = distance;
        fallback = ns;
      }
    }
    found ??= fallback;
    if (found !== null) yield* rcu_assign_pointer(head, 'current_path', found, node);
    return found;
  },
);
