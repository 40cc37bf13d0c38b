// SPDX-License-Identifier: GPL-2.0-only
import { kfn, list_first_or_null_rcu, list_next_or_null_rcu, type Steps } from '@libmultipath/kernel';
import { MPATH_STATE_NONOPTIMIZED, MPATH_STATE_OPTIMIZED } from '../constants.js';
import type { mpath_device_base } from '../structures/mpath-device-base.js';
import type { head_with_template } from '../structures/mpath-head-base.js';
import { callbacks } from '../structures/null-pointer.js';
import type { SelectionParts } from './parts.js';
import { disabled, is_disabled } from '../structures/ask.js';

const UINT_MAX = 0xffffffff;

/**
 * Smallest number of requests in flight; `current_path` plays no part.
 * Kernel: `mpath_queue_depth_path()`, patch 03 of v1 to v3. Context: inside the head's SRCU section.
 */
export const make_queue_depth_path = <D extends mpath_device_base, H extends head_with_template<D>>(
  parts: SelectionParts<D, H>,
) =>
  kfn('mpath_queue_depth_path', function* (head: H): Steps<D | null> {
    const mpdt = callbacks(head);
    let best_opt: D | null = null;
    let best_nonopt: D | null = null;
    let min_depth_opt = UINT_MAX;
    let min_depth_nonopt = UINT_MAX;

    let dev = yield* list_first_or_null_rcu<D>(head.dev_list);
    for (; dev !== null; dev = yield* list_next_or_null_rcu<D>(head.dev_list, dev.siblings)) {
      if (disabled(yield* is_disabled(mpdt, dev))) continue;
      // The counter is signed, the comparison is not: a negative depth is a very large one.
      const depth = (yield* parts.nr_active(head, dev)) >>> 0;
      const state = yield* parts.access_state(head, dev);
      if (state === MPATH_STATE_OPTIMIZED && depth < min_depth_opt) {
        min_depth_opt = depth;
        best_opt = dev;
      } else if (state === MPATH_STATE_NONOPTIMIZED && depth < min_depth_nonopt) {
        min_depth_nonopt = depth;
        best_nonopt = dev;
      }
      if (min_depth_opt === 0) return best_opt;
    }
    return best_opt ?? best_nonopt;
  });
