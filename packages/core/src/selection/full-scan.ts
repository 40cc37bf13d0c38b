// SPDX-License-Identifier: GPL-2.0-only
import {
  kfn,
  list_first_or_null_rcu,
  list_next_or_null_rcu,
  load,
  LOCAL_DISTANCE,
  node_distance,
  NUMA_NO_NODE,
  type Steps,
} from '@libmultipath/kernel';
import {
  MPATH_IOPOLICY_NUMA,
  MPATH_STATE_NONOPTIMIZED,
  MPATH_STATE_OPTIMIZED,
  type mpath_iopolicy_e,
} from '../constants.js';
import type { mpath_device_base } from '../structures/mpath-device-base.js';
import type { head_with_template } from '../structures/mpath-head-base.js';
import { callbacks } from '../structures/null-pointer.js';
import { cache_path } from './cached-path.js';
import type { SelectionParts } from './parts.js';
import { disabled, is_disabled } from '../structures/ask.js';

/**
 * Full scan: best optimized path by distance, else best non-optimized; strict
 * comparison, so a tie goes to the earliest in the list. Caches what it found; when it
 * found nothing the old pointer stays.
 *
 * Kernel: `__mpath_find_path()`, patch 03 of v1 to v3. Context: inside the head's SRCU section.
 */
export const make_full_scan = <D extends mpath_device_base, H extends head_with_template<D>>(
  parts: SelectionParts<D, H>,
) =>
  kfn('__mpath_find_path', function* (head: H, node: number, iopolicy?: mpath_iopolicy_e): Steps<D | null> {
    const mpdt = callbacks(head);
    let found: D | null = parts.candidate('found');
    let fallback: D | null = parts.candidate('fallback');
    let found_distance = Infinity;
    let fallback_distance = Infinity;

    let dev = yield* list_first_or_null_rcu<D>(head.dev_list);
    for (; dev !== null; dev = yield* list_next_or_null_rcu<D>(head.dev_list, dev.siblings)) {
      if (disabled(yield* is_disabled(mpdt, dev))) continue;

      const numa_node = yield* load(dev as mpath_device_base, 'numa_node');
      const by_distance =
        numa_node !== NUMA_NO_NODE && (yield* parts.iopolicy_in_scan(head, iopolicy)) === MPATH_IOPOLICY_NUMA;
      const distance = by_distance ? node_distance(node, numa_node) : LOCAL_DISTANCE;

      const state = yield* parts.access_state(head, dev);
      if (state === MPATH_STATE_OPTIMIZED && distance < found_distance) {
        found_distance = distance;
        found = dev;
      } else if (state === MPATH_STATE_NONOPTIMIZED && distance < fallback_distance) {
        fallback_distance = distance;
        fallback = dev;
      }
    }

    let chosen = found;
    if (!(yield* parts.is_found(chosen))) {
      chosen = fallback;
      if (!(yield* parts.is_found(chosen))) return null;
    }
    yield* cache_path<D>(head, node, chosen);
    return chosen;
  });
