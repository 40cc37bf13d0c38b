// SPDX-License-Identifier: GPL-2.0-only
import { kfn, list_del_init, mutex_lock, mutex_unlock, type Steps } from '@libmultipath/driver-kit';
import { trace_order } from '../environment/journal.js';
import { nvme_put_ns_head } from './head-reference.js';
import type { NvmeConversion } from './library.js';
import type { template_head } from './nvme-ns-head.js';

/**
 * Kernel: nvme_remove_head(), NVMe v2 and v3; written out in its callers in v1. Context: may sleep, no lock held.
 * References: drops that which nvme_mpath_alloc_disk() took.
 */
const nvme_remove_head = kfn('nvme_remove_head', function* (nvme: NvmeConversion, head: template_head): Steps<void> {
  yield* nvme.remove_disk(head);
  yield* nvme_put_ns_head(nvme, head);
});

/**
 * The time is over; a path may have come at the last moment. The head may be gone afterwards.
 * Part of nvme_remove_head_work(), NVMe v1, and of nvme_mpath_remove_head(), NVMe v2 and v3.
 * Context: a work, no lock held.
 */
export function* remove_expired_head(nvme: NvmeConversion, head: template_head): Steps<void> {
  const { subsys } = head;
  yield* trace_order(subsys.core.journal, 'expired');
  yield* mutex_lock(subsys.lock);
  const remove = yield* nvme.is_empty(head);
  if (remove) yield* list_del_init(head.entry);
  yield* mutex_unlock(subsys.lock);
  if (remove) yield* nvme_remove_head(nvme, head);
}

/**
 * Now, or when the library's time is over. Flag and seconds are under the library's lock, the list of heads under
 * the subsystem's: the library decides under both.
 * Kernel: nvme_mpath_remove_disk(), NVMe v1 to v3. Context: may sleep, no lock held.
 */
export const nvme_mpath_remove_disk = kfn(
  'nvme_mpath_remove_disk',
  function* (nvme: NvmeConversion, head: template_head): Steps<void> {
    const { subsys } = head;
    if (nvme.disk_of(head) === null) return;
    let remove = false;
    yield* mutex_lock(subsys.lock);
    // A path may have joined since the last one left.
    if (yield* nvme.is_empty(head)) remove = yield* nvme.can_remove_head(head);
    if (remove) yield* list_del_init(head.entry);
    yield* mutex_unlock(subsys.lock);
    if (remove) yield* nvme_remove_head(nvme, head);
  },
);
