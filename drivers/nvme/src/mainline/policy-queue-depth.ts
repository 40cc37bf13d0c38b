// SPDX-License-Identifier: GPL-2.0-only
import {
  atomic_read,
  kfn,
  list_first_or_null_rcu,
  list_next_or_null_rcu,
  load,
  type Steps,
} from '@libmultipath/driver-kit';
import { NVME_ANA_NONOPTIMIZED, NVME_ANA_OPTIMIZED } from '../environment/constants.js';
import type { nvme_ns } from './nvme-ns.js';
import type { nvme_ns_head } from './nvme-ns-head.js';

/**
 * The path whose controller has fewest requests in flight, optimized ones before others;
 * of equals the first on the list. Never touches `current_path`.
 * Kernel: nvme_queue_depth_path(), 6.11 to 7.3. Context: any, under `head->srcu`.
 */
export const nvme_queue_depth_path = kfn(
  'nvme_queue_depth_path',
  function* (head: nvme_ns_head): Steps<nvme_ns | null> {
    let best_opt: nvme_ns | null = null;
    let best_nonopt: nvme_ns | null = null;
    let min_depth_opt = Number.MAX_SAFE_INTEGER;
    let min_depth_nonopt = Number.MAX_SAFE_INTEGER;
    for (
      let ns = yield* list_first_or_null_rcu(head.list);
      ns !== null;
      ns = yield* list_next_or_null_rcu(head.list, ns.siblings)
    ) {
      if (yield* head.parts.path_is_disabled(ns)) continue;
      const depth = yield* atomic_read(ns.ctrl.nr_active);
      const ana_state = yield* load(ns, 'ana_state');
      if (ana_state === NVME_ANA_OPTIMIZED && depth < min_depth_opt) {
        min_depth_opt = depth;
        best_opt = ns;
      } else if (ana_state === NVME_ANA_NONOPTIMIZED && depth < min_depth_nonopt) {
        min_depth_nonopt = depth;
        best_nonopt = ns;
      }
      // An idle optimized path cannot be beaten.
      if (min_depth_opt === 0) return best_opt;
    }
    return best_opt ?? best_nonopt;
  },
);
