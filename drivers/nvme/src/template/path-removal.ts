// SPDX-License-Identifier: GPL-2.0-only
import { list_del_init, mutex_lock, mutex_unlock, type LibV3, type Steps } from '@libmultipath/driver-kit';
import { head_of } from '../environment/nvme-ns.js';
import { nvme_put_ns_head } from './head-reference.js';
import type { nvme_ns } from './nvme-ns.js';

/**
 * READY is clear already, so the library holds the path disabled: the first wait makes every
 * reader see that, the second is for those who were inside the path, the third for those who
 * stood on the list, which mpath_delete_device() does not wait for.
 * Part of nvme_ns_remove(), NVMe v3. Context: may sleep, no lock held.
 * @returns true when it was the last path
 */
export function* remove_from_head(lib: LibV3, ns: nvme_ns): Steps<boolean> {
  const head = head_of(ns);
  const { mpath_head } = head;
  yield* lib.mpath_synchronize(mpath_head);
  if (yield* lib.mpath_clear_current_path(ns.mpath_device)) yield* lib.mpath_synchronize(mpath_head);
  yield* mutex_lock(head.subsys.lock);
  const last_path = yield* lib.mpath_delete_device(ns.mpath_device);
  // A head that is told to wait can be found again.
  if (last_path && !(yield* lib.mpath_head_queue_if_no_path(mpath_head))) yield* list_del_init(head.entry);
  yield* mutex_unlock(head.subsys.lock);
  yield* lib.mpath_synchronize(mpath_head);
  return last_path;
}

/**
 * Error path of nvme_alloc_ns(), NVMe v3. Context: may sleep, no lock held.
 * References: drops the path's on the head, and with the only path that of the disk.
 */
export function* unlink_ns(lib: LibV3, ns: nvme_ns): Steps<void> {
  const head = head_of(ns);
  let last_path = false;
  yield* mutex_lock(head.subsys.lock);
  if (yield* lib.mpath_delete_device(ns.mpath_device)) {
    yield* list_del_init(head.entry);
    last_path = head.mpath_head.disk !== null;
  }
  yield* mutex_unlock(head.subsys.lock);
  if (last_path) {
    yield* lib.mpath_synchronize(head.mpath_head);
    yield* nvme_put_ns_head(lib, head);
  }
  yield* nvme_put_ns_head(lib, head);
}
