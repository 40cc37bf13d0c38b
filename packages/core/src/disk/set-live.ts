// SPDX-License-Identifier: GPL-2.0-only
import {
  for_each_online_node,
  mutex_lock,
  mutex_unlock,
  srcu_read_lock,
  srcu_read_unlock,
  synchronize_srcu,
  type Steps,
} from '@libmultipath/kernel';
import type { mpath_device_base } from '../structures/mpath-device-base.js';
import type { head_with_template } from '../structures/mpath-head-base.js';
import { callbacks } from '../structures/null-pointer.js';
import { is_optimized, optimized } from '../structures/ask.js';

/**
 * Lets bios find an optimized path on every node, and those that are parked try it.
 * Last part of `mpath_device_set_live()`, patches 02 to 04 of v1 to v3. Context: may sleep.
 * @param scan the full scan of one node
 * @param kick how the revision schedules the requeue work
 */
export function* publish_path<D extends mpath_device_base, H extends head_with_template<D>>(
  head: H,
  dev: D,
  scan: (head: H, node: number) => Steps<D | null>,
  kick: (head: H) => Steps<void>,
): Steps<void> {
  yield* mutex_lock(head.lock);
  if (optimized(yield* is_optimized(callbacks(head), dev))) {
    const idx = yield* srcu_read_lock(head.srcu);
    for (const node of for_each_online_node()) yield* scan(head, node);
    yield* srcu_read_unlock(head.srcu, idx);
  }
  yield* mutex_unlock(head.lock);

  // Whoever decided to park a bio before the path was published has parked it when the
  // grace period ends, so the kick sees it.
  yield* synchronize_srcu(head.srcu);
  yield* kick(head);
}
