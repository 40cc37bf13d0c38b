// SPDX-License-Identifier: GPL-2.0-only
import {
  cancel_delayed_work,
  kfn,
  list_add_tail_rcu,
  list_del_rcu,
  list_empty,
  mutex_lock,
  mutex_unlock,
  type Steps,
} from '@libmultipath/kernel';
import { pathAdded, pathUnlinked } from '../properties/removal-watch.js';
import type { mpath_device_base } from '../structures/mpath-device-base.js';
import type { mpath_head_base } from '../structures/mpath-head-base.js';

type Head<D extends mpath_device_base> = mpath_head_base<D>;

/** Appends the path, which is selectable from here on. Part of `mpath_add_device()`, patch 05 of v1 to v3. */
export function* append_path<D extends mpath_device_base>(dev: D, head: Head<D>): Steps<void> {
  yield* mutex_lock(head.lock);
  yield* list_add_tail_rcu<D>(dev.siblings, head.dev_list);
  pathAdded(head, dev);
  yield* mutex_unlock(head.lock);
}

/** Unlinks the path, without a grace period. Part of `mpath_delete_device()`. @returns whether the list is now empty */
export function* unlink_path<D extends mpath_device_base>(dev: D, head: Head<D>): Steps<boolean> {
  yield* mutex_lock(head.lock);
  yield* list_del_rcu(dev.siblings);
  pathUnlinked(head, dev);
  const empty = yield* list_empty(head.dev_list);
  yield* mutex_unlock(head.lock);
  return empty;
}

/** Calls off a pending delayed removal. Part of `mpath_add_device()`. @returns whether one was pending */
export function* call_off_removal(head: Head<mpath_device_base>): Steps<boolean> {
  return head.remove_work !== null && (yield* cancel_delayed_work(head.remove_work));
}

/**
 * Kernel: `mpath_head_devices_empty()`, v2 and v3 patch 05. Context: may sleep.
 * Mainline: none: callers test `head->list` under `subsys->lock`.
 */
export const mpath_head_devices_empty = kfn(
  'mpath_head_devices_empty',
  function* (head: Head<mpath_device_base>): Steps<boolean> {
    yield* mutex_lock(head.lock);
    const empty = yield* list_empty(head.dev_list);
    yield* mutex_unlock(head.lock);
    return empty;
  },
);
