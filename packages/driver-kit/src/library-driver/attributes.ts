// SPDX-License-Identifier: GPL-2.0-only
import {
  blk_mq_freeze_queue,
  blk_mq_unfreeze_queue,
  E,
  kfn,
  kref_get,
  mutex_lock,
  mutex_unlock,
  set_capacity,
  set_capacity_and_notify,
  sysfs_write,
  type Steps,
} from '@libmultipath/kernel';
import { put_head } from './head.js';
import type { library_head, library_host } from './structures.js';

/** Does something with the present head, which cannot go meanwhile. @returns -ENOENT without one */
function* with_head(host: library_host, body: (head: library_head) => Steps<number>): Steps<number> {
  yield* mutex_lock(host.lock);
  const { head } = host;
  if (head !== null) yield* kref_get(head.ref);
  yield* mutex_unlock(host.lock);
  if (head === null) return -E.ENOENT;
  const result = yield* body(head);
  yield* put_head(head.mpath_head);
  return result;
}

/** Every choice is forgotten and what waits is tried again. @returns 0 or -errno */
export const iopolicy_store = kfn(
  'library_iopolicy_store',
  function* (host: library_host, text: string): Steps<number> {
    const { lib, iopolicy } = host;
    return yield* with_head(host, function* ({ mpath_head }) {
      if (!(yield* lib.mpath_iopolicy_store(iopolicy, text))) return -E.EINVAL;
      yield* lib.mpath_clear_paths(mpath_head);
      yield* lib.mpath_schedule_requeue_work(mpath_head);
      return 0;
    });
  },
);

/** Writes the attribute of the head's disk. @returns 0 or -errno */
export function* write_delayed_removal_secs(host: library_host, seconds: number): Steps<number> {
  return yield* with_head(host, function* ({ mpath_head: { disk } }) {
    if (disk === null) return -E.ENOENT;
    return Math.min(0, yield* sysfs_write(disk.device.kobj, 'delayed_removal_secs', String(seconds)));
  });
}

/** The device has another size: its paths have it first, then the head, while nobody is inside its queue. */
export const update_capacity = kfn(
  'library_update_capacity',
  function* (host: library_host, sectors: number): Steps<void> {
    const { lib, media, slots } = host;
    media.sectors = sectors;
    for (const slot of slots) {
      yield* mutex_lock(slot.lock);
      if (slot.path !== null) yield* set_capacity(slot.path.own_disk, sectors);
      yield* mutex_unlock(slot.lock);
    }
    yield* with_head(host, function* ({ mpath_head }) {
      const { disk } = mpath_head;
      if (disk === null) return -E.ENOENT;
      yield* blk_mq_freeze_queue(disk.queue);
      yield* set_capacity_and_notify(disk, sectors);
      yield* lib.mpath_revalidate_paths(mpath_head, null);
      yield* blk_mq_unfreeze_queue(disk.queue);
      return 0;
    });
  },
);
