// SPDX-License-Identifier: GPL-2.0-only
import {
  kfn,
  list_del_init,
  mutex_lock,
  mutex_unlock,
  type LibV3,
  type mpath_head,
  type Steps,
} from '@libmultipath/driver-kit';
import { trace_order } from '../environment/journal.js';
import { nvme_put_ns_head } from './head-reference.js';
import { container_of_head, type nvme_ns_head } from './nvme-ns-head.js';

/**
 * Kernel: nvme_remove_head(), NVMe v3. Context: may sleep, no lock held.
 * References: drops that which nvme_mpath_alloc_disk() took.
 */
const nvme_remove_head = kfn('nvme_remove_head', function* (lib: LibV3, head: nvme_ns_head): Steps<void> {
  yield* lib.mpath_remove_disk(head.mpath_head);
  yield* nvme_put_ns_head(lib, head);
});

/**
 * The time is over; a path may have come at the last moment. The head may be gone afterwards.
 * Kernel: nvme_mpath_remove_head(), NVMe v3, callback `remove_head`. Context: `mpath-wq`, no lock held.
 */
export const nvme_mpath_remove_head = kfn(
  'nvme_mpath_remove_head',
  function* (lib: LibV3, mpath_head: mpath_head): Steps<void> {
    const head = container_of_head(mpath_head);
    const { subsys } = head;
    yield* trace_order(subsys.core.journal, 'expired');
    yield* mutex_lock(subsys.lock);
    const remove = yield* lib.mpath_head_devices_empty(mpath_head);
    if (remove) yield* list_del_init(head.entry);
    yield* mutex_unlock(subsys.lock);
    if (remove) yield* nvme_remove_head(lib, head);
  },
);

/**
 * Now, or when the library's time is over. Flag and seconds are under the library's lock, the
 * list of heads under the subsystem's: the library decides under both.
 * Kernel: nvme_mpath_remove_disk(), NVMe v3. Context: may sleep, no lock held.
 */
export const nvme_mpath_remove_disk = kfn(
  'nvme_mpath_remove_disk',
  function* (lib: LibV3, head: nvme_ns_head): Steps<void> {
    const { subsys, mpath_head } = head;
    if (mpath_head.disk === null) return;
    let remove = false;
    yield* mutex_lock(subsys.lock);
    // A path may have joined since the last one left.
    if (yield* lib.mpath_head_devices_empty(mpath_head)) remove = yield* lib.mpath_can_remove_head(mpath_head);
    if (remove) yield* list_del_init(head.entry);
    yield* mutex_unlock(subsys.lock);
    if (remove) yield* nvme_remove_head(lib, head);
  },
);
