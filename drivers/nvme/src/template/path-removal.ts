// SPDX-License-Identifier: GPL-2.0-only
import { list_del_init, mutex_lock, mutex_unlock, type Steps } from '@libmultipath/driver-kit';
import { head_of } from '../environment/nvme-ns.js';
import { nvme_put_ns_head } from './head-reference.js';
import type { NvmeConversion } from './library.js';
import type { template_head } from './nvme-ns-head.js';
import type { template_ns } from './nvme-ns.js';

/**
 * READY is clear already, so the library holds the path disabled: the first wait makes every reader see that, the
 * second is for those who were inside the path, the third for those who stood on the list, which
 * mpath_delete_device() does not wait for.
 * Part of nvme_ns_remove(), NVMe v1 to v3. Context: may sleep, no lock held.
 * @returns true when it was the last path
 */
export function* remove_from_head(nvme: NvmeConversion, ns: template_ns): Steps<boolean> {
  const head = head_of(ns);
  yield* nvme.synchronize(head);
  if (yield* nvme.clear_current_path(ns)) yield* nvme.synchronize(head);
  yield* mutex_lock(head.subsys.lock);
  const last_path = yield* nvme.delete_ns(ns);
  // A head that is told to wait can be found again.
  if (last_path && !(yield* nvme.queue_if_no_path(head))) yield* list_del_init(head.entry);
  yield* mutex_unlock(head.subsys.lock);
  yield* nvme.synchronize(head);
  return last_path;
}

/**
 * Nobody waits for readers of the path, which is freed next: the bases have no such wait yet.
 * Error path of nvme_alloc_ns(), NVMe v1 to v3. Context: may sleep, no lock held.
 * References: drops the path's on the head.
 * @param lost_only_path what a head with a disk loses with its only path
 */
export function* unlink_ns(
  nvme: NvmeConversion,
  ns: template_ns,
  lost_only_path: (nvme: NvmeConversion, head: template_head) => Steps<void>,
): Steps<void> {
  const head = head_of(ns);
  let last_path = false;
  yield* mutex_lock(head.subsys.lock);
  if (yield* nvme.delete_ns(ns)) {
    yield* list_del_init(head.entry);
    last_path = nvme.disk_of(head) !== null;
  }
  yield* mutex_unlock(head.subsys.lock);
  if (last_path) yield* lost_only_path(nvme, head);
  yield* nvme_put_ns_head(nvme, head);
}
