// SPDX-License-Identifier: GPL-2.0-only
import { kfn, list_del_rcu, load, mutex_lock, mutex_unlock, type Steps } from '@libmultipath/kernel';
import { forget_path } from '../paths/current-path.js';
import { append_path, call_off_removal } from '../paths/dev-list.js';
import { revalidate } from '../paths/revalidate.js';
import { head_of_disk } from './head-of-disk.js';
import { kick } from './kick.js';
import { pathUnlinked } from '../properties/removal-watch.js';
import type { mpath_device, mpath_disk, mpath_head } from './structures.js';

/**
 * Makes the path selectable and calls off a pending delayed removal, but keeps the module
 * reference that the removal had.
 * Kernel: `mpath_add_device()`, v1 patches 05 and 07. Context: may sleep.
 * Mainline: `nvme_init_ns_head()`, its last part.
 */
export const mpath_add_device = kfn('mpath_add_device', function* (head: mpath_head, dev: mpath_device): Steps<void> {
  yield* append_path(dev, head);
  yield* call_off_removal(head);
});

/**
 * Unlinks the path; no grace period. Kernel: `mpath_delete_device()`, v1 patch 05. Context: may sleep.
 * Mainline: `nvme_ns_remove()`, its middle part.
 */
export const mpath_delete_device = kfn(
  'mpath_delete_device',
  function* (head: mpath_head, dev: mpath_device): Steps<void> {
    yield* mutex_lock(head.lock);
    yield* list_del_rcu(dev.siblings);
    pathUnlinked(head, dev);
    yield* mutex_unlock(head.lock);
  },
);

/**
 * Kernel: `mpath_clear_current_path()`, v1 patch 05. Returns whether any node was cleared; without a head, none.
 * Mainline: `nvme_mpath_clear_current_path()`.
 */
export const mpath_clear_current_path = kfn(
  'mpath_clear_current_path',
  function* (head: mpath_head | null, dev: mpath_device): Steps<boolean> {
    return head !== null && (yield* forget_path(head, dev));
  },
);

/**
 * Calls back for every path, with the head's capacity in sectors of 512 bytes; then forgets all
 * cached paths and kicks. Kernel: `mpath_revalidate_paths()`, v1 patch 05. No grace period.
 * Mainline: `nvme_mpath_revalidate_paths()`.
 */
export const mpath_revalidate_paths = kfn(
  'mpath_revalidate_paths',
  function* (disk: mpath_disk, cb: ((dev: mpath_device, capacity: number) => Steps<void>) | null): Steps<void> {
    const head = yield* head_of_disk(disk);
    yield* revalidate(head, yield* load(disk, 'disk'), cb);
    yield* kick(head);
  },
);
