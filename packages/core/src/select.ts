// SPDX-License-Identifier: GPL-2.0-only
import {
  atomic_read,
  current,
  currentMachine,
  kfn,
  list_first_or_null_rcu,
  list_is_singular,
  list_next_or_null_rcu,
  load,
  LOCAL_DISTANCE,
  node_distance,
  numa_node_id,
  NUMA_NO_NODE,
  rcu_assign_pointer,
  rcu_dereference,
  READ_ONCE,
  type Steps,
} from '@libmultipath/kernel';
import {
  MPATH_IOPOLICY_NUMA,
  MPATH_IOPOLICY_QD,
  MPATH_IOPOLICY_RR,
  MPATH_STATE_NONOPTIMIZED,
  MPATH_STATE_OPTIMIZED,
  type mpath_iopolicy_e,
} from './constants.js';
import { callbacks } from './callbacks.js';
import type { mpath_device, mpath_head } from './structures.js';

const UINT_MAX = 0xffffffff;

/** Kernel: `mpath_read_iopolicy()`, v3 patch 03. Context: any. */
export const mpath_read_iopolicy = kfn('mpath_read_iopolicy', function* (head: mpath_head): Steps<mpath_iopolicy_e> {
  return yield* READ_ONCE(head.iopolicy, 'value');
});

/**
 * Full scan: best optimized path by distance, else best non-optimized; strict
 * comparison, so a tie goes to the earliest in the list. Caches what it found; when it
 * found nothing the old pointer stays.
 *
 * Kernel: `__mpath_find_path()`, v3 patch 03. Context: inside the head's SRCU section.
 */
export const __mpath_find_path = kfn(
  '__mpath_find_path',
  function* (head: mpath_head, node: number): Steps<mpath_device | null> {
    const mpdt = callbacks(head);
    let found: mpath_device | null = null;
    let fallback: mpath_device | null = null;
    let found_distance = Infinity;
    let fallback_distance = Infinity;

    let dev = yield* list_first_or_null_rcu(head.dev_list);
    for (; dev !== null; dev = yield* list_next_or_null_rcu(head.dev_list, dev.siblings)) {
      if (yield* mpdt.is_disabled(dev)) continue;

      const numa_node = yield* load(dev, 'numa_node');
      // The policy is read again for each path that has a node: a store in between shows.
      const by_distance = numa_node !== NUMA_NO_NODE && (yield* mpath_read_iopolicy(head)) === MPATH_IOPOLICY_NUMA;
      const distance = by_distance ? node_distance(node, numa_node) : LOCAL_DISTANCE;

      const state = yield* load(dev, 'access_state');
      if (state === MPATH_STATE_OPTIMIZED && distance < found_distance) {
        found_distance = distance;
        found = dev;
      } else if (state === MPATH_STATE_NONOPTIMIZED && distance < fallback_distance) {
        fallback_distance = distance;
        fallback = dev;
      }
    }

    found ??= fallback;
    if (found !== null) yield* rcu_assign_pointer(head, 'current_path', found, node);
    return found;
  },
);

/** Kernel: `mpath_numa_path()`, v3 patch 03. A cached optimized path is not asked whether it is disabled. */
const mpath_numa_path = kfn('mpath_numa_path', function* (head: mpath_head): Steps<mpath_device | null> {
  const node = numa_node_id();
  const cached = yield* rcu_dereference(head, 'current_path', node);
  if (cached === null) return yield* __mpath_find_path(head, node);
  if (!(yield* callbacks(head).is_optimized(cached))) return yield* __mpath_find_path(head, node);
  return cached;
});

/** Kernel: `mpath_next_dev()`, v3 patch 03: successor in the list, wrapping. */
const mpath_next_dev = kfn(
  'mpath_next_dev',
  function* (head: mpath_head, dev: mpath_device): Steps<mpath_device | null> {
    return (
      (yield* list_next_or_null_rcu(head.dev_list, dev.siblings)) ?? (yield* list_first_or_null_rcu(head.dev_list))
    );
  },
);

/** Entries that a walk may meet. Beyond this it goes round for ever, as it may: see below. */
const MAX_WALK = 128;

/** What the watchdog says of a walk that does not end. */
const soft_lockup = (head: mpath_head): never => {
  const message = `watchdog: BUG: soft lockup - CPU#${String(current().cpu)} stuck: mpath_round_robin_path`;
  return currentMachine().oops('livelock', message, head);
};

/**
 * Kernel: `mpath_round_robin_path()`, v3 patch 03. The walk ends at the old path, at an
 * optimized path or at an empty list; if the old path was unlinked it is never met.
 */
const mpath_round_robin_path = kfn('mpath_round_robin_path', function* (head: mpath_head): Steps<mpath_device | null> {
  const mpdt = callbacks(head);
  const node = numa_node_id();
  const old = yield* rcu_dereference(head, 'current_path', node);
  if (old === null) return yield* __mpath_find_path(head, node);

  if (yield* list_is_singular(head.dev_list)) {
    return (yield* mpdt.is_disabled(old)) ? null : old;
  }

  let found: mpath_device | null = null;
  let walked = 0;
  let dev = yield* mpath_next_dev(head, old);
  for (; dev !== null && dev !== old; dev = yield* mpath_next_dev(head, dev)) {
    if (++walked > MAX_WALK) soft_lockup(head);
    if (yield* mpdt.is_disabled(dev)) continue;
    if ((yield* load(dev, 'access_state')) === MPATH_STATE_OPTIMIZED) {
      yield* rcu_assign_pointer(head, 'current_path', dev, node);
      return dev;
    }
    if ((yield* load(dev, 'access_state')) === MPATH_STATE_NONOPTIMIZED) found = dev;
  }

  const old_state = yield* load(old, 'access_state');
  if (
    !(yield* mpdt.is_disabled(old)) &&
    (old_state === MPATH_STATE_OPTIMIZED || (found === null && old_state === MPATH_STATE_NONOPTIMIZED))
  ) {
    return old;
  }
  if (found === null) return null;
  yield* rcu_assign_pointer(head, 'current_path', found, node);
  return found;
});

/**
 * Smallest number of requests in flight; `current_path` plays no part.
 * Kernel: `mpath_queue_depth_path()`, v3 patch 03.
 */
const mpath_queue_depth_path = kfn('mpath_queue_depth_path', function* (head: mpath_head): Steps<mpath_device | null> {
  const mpdt = callbacks(head);
  let best_opt: mpath_device | null = null;
  let best_nonopt: mpath_device | null = null;
  let min_depth_opt = UINT_MAX;
  let min_depth_nonopt = UINT_MAX;

  let dev = yield* list_first_or_null_rcu(head.dev_list);
  for (; dev !== null; dev = yield* list_next_or_null_rcu(head.dev_list, dev.siblings)) {
    if (yield* mpdt.is_disabled(dev)) continue;
    // The counter is signed, the comparison is not: a negative depth is a very large one.
    const depth = (yield* atomic_read(dev.nr_active)) >>> 0;
    const state = yield* load(dev, 'access_state');
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

/** Kernel: `mpath_find_path()`, v3 patch 03. Context: inside the head's SRCU section. */
export const mpath_find_path = kfn('mpath_find_path', function* (head: mpath_head): Steps<mpath_device | null> {
  switch (yield* mpath_read_iopolicy(head)) {
    case MPATH_IOPOLICY_QD:
      return yield* mpath_queue_depth_path(head);
    case MPATH_IOPOLICY_RR:
      return yield* mpath_round_robin_path(head);
    default:
      return yield* mpath_numa_path(head);
  }
});
