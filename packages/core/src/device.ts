// SPDX-License-Identifier: GPL-2.0-only
import {
  cancel_delayed_work,
  get_capacity,
  kfn,
  list_add_tail_rcu,
  list_del_rcu,
  list_empty,
  list_first_or_null_rcu,
  list_next_or_null_rcu,
  load,
  module_put,
  mutex_lock,
  mutex_unlock,
  rcu_assign_pointer,
  rcu_dereference,
  srcu_read_lock,
  srcu_read_unlock,
  store,
  type atomic_t,
  type gendisk,
  type Steps,
} from '@libmultipath/kernel';
import { disk_of, head_of } from './callbacks.js';
import { mpath_schedule_requeue_work } from './head.js';
import { for_each_node } from './possible-nodes.js';
import type { mpath_device, mpath_head } from './structures.js';

/**
 * Makes the path selectable, with whatever `access_state` it holds, and calls off a
 * pending delayed removal.
 *
 * Kernel: `mpath_add_device()`, v3 patches 05 and 06. Context: may sleep.
 * References: drops the module reference of the removal it called off.
 */
export const mpath_add_device = kfn(
  'mpath_add_device',
  function* (
    dev: mpath_device,
    head: mpath_head,
    disk: gendisk | null,
    numa_node: number,
    nr_active: atomic_t,
  ): Steps<void> {
    yield* store(dev, 'mpath_head', head);
    yield* store(dev, 'disk', disk);
    yield* store(dev, 'numa_node', numa_node);
    yield* store(dev, 'nr_active', nr_active);

    yield* mutex_lock(head.lock);
    yield* list_add_tail_rcu(dev.siblings, head.dev_list);
    yield* mutex_unlock(head.lock);

    if (head.remove_work !== null && (yield* cancel_delayed_work(head.remove_work))) {
      yield* module_put(head.drv_module);
    }
  },
);

/**
 * Unlinks the path; no grace period, `current_path` is left alone.
 * Kernel: `mpath_delete_device()`, v3 patch 05. Returns whether the list is now empty.
 */
export const mpath_delete_device = kfn('mpath_delete_device', function* (dev: mpath_device): Steps<boolean> {
  const head = yield* head_of(dev);
  yield* mutex_lock(head.lock);
  yield* list_del_rcu(dev.siblings);
  const empty = yield* list_empty(head.dev_list);
  yield* mutex_unlock(head.lock);
  return empty;
});

/** Kernel: `mpath_head_devices_empty()`, v3 patch 05. */
export const mpath_head_devices_empty = kfn('mpath_head_devices_empty', function* (head: mpath_head): Steps<boolean> {
  yield* mutex_lock(head.lock);
  const empty = yield* list_empty(head.dev_list);
  yield* mutex_unlock(head.lock);
  return empty;
});

/**
 * Compare and store are separate steps, no lock, no grace period.
 * Kernel: `mpath_clear_current_path()`, v3 patch 05. Returns whether any node was cleared.
 */
export const mpath_clear_current_path = kfn('mpath_clear_current_path', function* (dev: mpath_device): Steps<boolean> {
  const head = yield* head_of(dev);
  let changed = false;
  for (const node of for_each_node()) {
    if ((yield* rcu_dereference(head, 'current_path', node)) !== dev) continue;
    yield* rcu_assign_pointer(head, 'current_path', null, node);
    changed = true;
  }
  return changed;
});

/** Kernel: `mpath_clear_paths()`, v3 patch 05. No lock, no grace period, no kick. */
export const mpath_clear_paths = kfn('mpath_clear_paths', function* (head: mpath_head): Steps<void> {
  for (const node of for_each_node()) yield* rcu_assign_pointer(head, 'current_path', null, node);
});

/**
 * Calls `not_ready_cb` for each path whose capacity is not the head's, then forgets all
 * cached paths and kicks. Kernel: `mpath_revalidate_paths()`, v3 patch 05. No grace period.
 */
export const mpath_revalidate_paths = kfn(
  'mpath_revalidate_paths',
  function* (head: mpath_head, not_ready_cb: ((dev: mpath_device) => Steps<void>) | null): Steps<void> {
    const capacity = yield* get_capacity(yield* load(head, 'disk'));
    if (not_ready_cb !== null) {
      const idx = yield* srcu_read_lock(head.srcu);
      let dev = yield* list_first_or_null_rcu(head.dev_list);
      for (; dev !== null; dev = yield* list_next_or_null_rcu(head.dev_list, dev.siblings)) {
        if ((yield* get_capacity(yield* disk_of(dev))) !== capacity) yield* not_ready_cb(dev);
      }
      yield* srcu_read_unlock(head.srcu, idx);
    }
    yield* mpath_clear_paths(head);
    yield* mpath_schedule_requeue_work(head);
  },
);
