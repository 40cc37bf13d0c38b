// SPDX-License-Identifier: GPL-2.0-only
import {
  get_capacity,
  kfn,
  list_first_or_null_rcu,
  list_next_or_null_rcu,
  load,
  srcu_read_lock,
  srcu_read_unlock,
  type gendisk,
  type Steps,
} from '@libmultipath/kernel';
import { mpath_schedule_requeue_work } from '../io/requeue.js';
import type { mpath_device_base } from '../structures/mpath-device-base.js';
import type { mpath_head_base } from '../structures/mpath-head-base.js';
import type { mpath_head_with_disk } from '../structures/mpath-head-with-disk.js';
import { disk_of } from '../structures/null-pointer.js';
import { mpath_clear_paths } from './current-path.js';

/**
 * Shows each path the head's capacity, if anybody looks, then forgets all cached paths. No grace period.
 * First parts of `mpath_revalidate_paths()`, patch 05 of v1 to v3.
 */
export function* revalidate<D extends mpath_device_base>(
  head: mpath_head_base<D>,
  disk: gendisk | null,
  look: ((dev: D, capacity: number) => Steps<void>) | null,
): Steps<void> {
  // Read before it is known whether anybody compares with it.
  const capacity = yield* get_capacity(disk);
  if (look !== null) {
    const idx = yield* srcu_read_lock(head.srcu);
    let dev = yield* list_first_or_null_rcu<D>(head.dev_list);
    for (; dev !== null; dev = yield* list_next_or_null_rcu<D>(head.dev_list, dev.siblings)) yield* look(dev, capacity);
    yield* srcu_read_unlock(head.srcu, idx);
  }
  yield* mpath_clear_paths(head);
}

/**
 * Calls `not_ready_cb` for each path whose capacity is not the head's, then forgets all
 * cached paths and kicks. Kernel: `mpath_revalidate_paths()`, v2 and v3 patch 05. No grace period.
 * Mainline: `nvme_mpath_revalidate_paths()`.
 */
export const make_revalidate_paths = <D extends mpath_device_base>() =>
  kfn(
    'mpath_revalidate_paths',
    function* (head: mpath_head_with_disk<D>, not_ready_cb: ((dev: D) => Steps<void>) | null): Steps<void> {
      function* look(dev: D, capacity: number): Steps<void> {
        const differs = (yield* get_capacity(yield* disk_of(dev))) !== capacity;
        if (differs && not_ready_cb !== null) yield* not_ready_cb(dev);
      }
      yield* revalidate(head, yield* load(head, 'disk'), not_ready_cb === null ? null : look);
      yield* mpath_schedule_requeue_work(head);
    },
  );
