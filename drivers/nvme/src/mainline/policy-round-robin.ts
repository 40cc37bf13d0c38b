// SPDX-License-Identifier: GPL-2.0-only
import {
  kfn,
  list_first_or_null_rcu,
  list_is_singular,
  list_next_or_null_rcu,
  load,
  numa_node_id,
  rcu_assign_pointer,
  rcu_dereference,
  type Steps,
} from '@libmultipath/driver-kit';
import { NVME_ANA_NONOPTIMIZED, NVME_ANA_OPTIMIZED } from '../environment/constants.js';
import { __nvme_find_path } from './find-path.js';
import type { nvme_ns } from './nvme-ns.js';
import type { nvme_ns_head } from './nvme-ns-head.js';

/** The path after `ns`, the first one after the last. Kernel: nvme_next_ns(), all versions. */
const nvme_next_ns = kfn('nvme_next_ns', function* (head: nvme_ns_head, ns: nvme_ns): Steps<nvme_ns | null> {
  const next = yield* list_next_or_null_rcu(head.list, ns.siblings);
  return next ?? (yield* list_first_or_null_rcu(head.list));
});

/** May the path that was used last be used again, when the walk found `found` (or nothing)? */
function* may_stay(head: nvme_ns_head, old: nvme_ns, found: nvme_ns | null): Steps<boolean> {
  if (yield* head.parts.path_is_disabled(old)) return false;
  if ((yield* load(old, 'ana_state')) === NVME_ANA_OPTIMIZED) return true;
  return found === null && (yield* load(old, 'ana_state')) === NVME_ANA_NONOPTIMIZED;
}

/**
 * The next path after `old`: the first optimized one, else the last non-optimized one the
 * walk met, else `old`. A list of one path does not look at ANA states.
 */
export function* round_robin_after(head: nvme_ns_head, node: number, old: nvme_ns): Steps<nvme_ns | null> {
  if (yield* list_is_singular(head.list)) {
    return (yield* head.parts.path_is_disabled(old)) ? null : old;
  }
  let found: nvme_ns | null = null;
  let optimized = false;
  let ns = yield* nvme_next_ns(head, old);
  while (ns !== null && ns !== old) {
    if (!(yield* head.parts.path_is_disabled(ns))) {
      if ((yield* load(ns, 'ana_state')) === NVME_ANA_OPTIMIZED) {
        found = ns;
        optimized = true;
        break;
      }
      if ((yield* load(ns, 'ana_state')) === NVME_ANA_NONOPTIMIZED) found = ns;
    }
    ns = yield* nvme_next_ns(head, ns);
  }
  if (!optimized && (yield* may_stay(head, old, found))) return old;
  if (found === null) return null;
  yield* rcu_assign_pointer(head, 'current_path', found, node);
  return found;
}

/** Kernel: nvme_round_robin_path(), 6.1: the caller has read `current_path` and found it set. */
export const round_robin_path_6_1 = kfn('nvme_round_robin_path', round_robin_after);

/** Kernel: nvme_round_robin_path(), 6.11 to 7.3. Context: any, under `head->srcu`. */
export const round_robin_path_6_11 = kfn(
  'nvme_round_robin_path',
  function* (head: nvme_ns_head): Steps<nvme_ns | null> {
    const node = numa_node_id();
    const old = yield* rcu_dereference(head, 'current_path', node);
    if (old === null) return yield* __nvme_find_path(head, node);
    return yield* round_robin_after(head, node, old);
  },
);
