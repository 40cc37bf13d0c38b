// SPDX-License-Identifier: GPL-2.0-only
import {
  current,
  currentMachine,
  kfn,
  list_first_or_null_rcu,
  list_is_singular,
  list_next_or_null_rcu,
  numa_node_id,
  type KObject,
  type Steps,
} from '@libmultipath/kernel';
import { MPATH_STATE_NONOPTIMIZED, MPATH_STATE_OPTIMIZED, type mpath_iopolicy_e } from '../constants.js';
import type { mpath_device_base } from '../structures/mpath-device-base.js';
import type { head_with_template, mpath_head_base } from '../structures/mpath-head-base.js';
import { callbacks } from '../structures/null-pointer.js';
import { cache_path, cached_path } from './cached-path.js';
import type { FullScan } from './find-path.js';
import type { SelectionParts } from './parts.js';
import { disabled, is_disabled } from '../structures/ask.js';

/** Entries that a walk may meet. Beyond this it goes round for ever, as it may: see below. */
const MAX_WALK = 128;

/** What the watchdog says of a walk that does not end. */
const soft_lockup = (head: KObject): never => {
  const message = `watchdog: BUG: soft lockup - CPU#${String(current().cpu)} stuck: mpath_round_robin_path`;
  return currentMachine().oops('livelock', message, head);
};

/** Kernel: `mpath_next_dev()`, patch 03 of v1 to v3: successor in the list, wrapping. */
const make_next_dev = <D extends mpath_device_base>() =>
  kfn('mpath_next_dev', function* (head: mpath_head_base<D>, dev: D): Steps<D | null> {
    return (
      (yield* list_next_or_null_rcu<D>(head.dev_list, dev.siblings)) ??
      (yield* list_first_or_null_rcu<D>(head.dev_list))
    );
  });

/**
 * The walk ends at the old path, at an optimized path or at an empty list; if the old path
 * was unlinked it is never met.
 * Kernel: `mpath_round_robin_path()`, patch 03 of v1 to v3. Context: inside the head's SRCU section.
 */
export const make_round_robin_path = <D extends mpath_device_base, H extends head_with_template<D>>(
  parts: SelectionParts<D, H>,
  full_scan: FullScan<D, H>,
) => {
  const mpath_next_dev = make_next_dev<D>();
  return kfn('mpath_round_robin_path', function* (head: H, iopolicy: mpath_iopolicy_e): Steps<D | null> {
    const mpdt = callbacks(head);
    const node = numa_node_id();
    const old = yield* cached_path<D>(head, node);
    if (old === null) return yield* full_scan(head, node, iopolicy);

    if (yield* list_is_singular(head.dev_list)) {
      return disabled(yield* is_disabled(mpdt, old)) ? null : old;
    }

    let found: D | null = null;
    let walked = 0;
    let dev = yield* mpath_next_dev(head, old);
    for (; dev !== null && dev !== old; dev = yield* mpath_next_dev(head, dev)) {
      if (++walked > MAX_WALK) soft_lockup(head);
      if (disabled(yield* is_disabled(mpdt, dev))) continue;
      const state = yield* parts.access_state_in_walk(head, dev);
      if (state === MPATH_STATE_OPTIMIZED) {
        yield* cache_path<D>(head, node, dev);
        return dev;
      }
      if (state === MPATH_STATE_NONOPTIMIZED) found = dev;
    }

    const old_state = yield* parts.access_state(head, old);
    if (
      !disabled(yield* is_disabled(mpdt, old)) &&
      (old_state === MPATH_STATE_OPTIMIZED || (found === null && old_state === MPATH_STATE_NONOPTIMIZED))
    ) {
      return old;
    }
    if (found === null) return null;
    yield* cache_path<D>(head, node, found);
    return found;
  });
};
