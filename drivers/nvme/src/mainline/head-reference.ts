// SPDX-License-Identifier: GPL-2.0-only
import {
  cleanup_srcu_struct,
  E,
  flush_work,
  ida_free,
  kblockd_schedule_work,
  kfn,
  kfree,
  kref_put,
  put_disk,
  type Steps,
} from '@libmultipath/driver-kit';
import { nvme_tryget_ns_head } from '../environment/nvme-ns-head-base.js';
import { nvme_put_subsystem } from '../environment/nvme-subsystem.js';
import type { nvme_ns_head } from './nvme-ns-head.js';

/** Kernel: nvme_mpath_remove_disk() up to 6.12, nvme_mpath_put_disk() in 7.x. Context: may sleep. */
const nvme_mpath_put_disk = kfn('nvme_mpath_put_disk', function* (head: nvme_ns_head): Steps<void> {
  if (head.disk === null) return;
  // Whatever still waits has to be ended first.
  yield* kblockd_schedule_work(head.requeue_work);
  yield* flush_work(head.requeue_work);
  yield* flush_work(head.partition_scan_work);
  yield* put_disk(head.disk);
});

/** Kernel: nvme_free_ns_head(), all versions. Context: may sleep. */
const nvme_free_ns_head = kfn('nvme_free_ns_head', function* (head: nvme_ns_head): Steps<void> {
  const { subsys } = head;
  yield* nvme_mpath_put_disk(head);
  yield* ida_free(subsys.ns_ida, head.instance);
  yield* cleanup_srcu_struct(head.srcu);
  yield* nvme_put_subsystem(subsys);
  yield* kfree(head);
});

/** Kernel: nvme_put_ns_head(), all versions. Context: may sleep. */
export const nvme_put_ns_head = kfn('nvme_put_ns_head', function* (head: nvme_ns_head): Steps<void> {
  yield* kref_put(head.ref, () => nvme_free_ns_head(head));
});

/** Kernel: nvme_ns_head_open(), all versions. Context: `open_mutex` held. @returns 0 or -ENXIO */
export const nvme_ns_head_open = kfn('nvme_ns_head_open', function* (head: nvme_ns_head): Steps<number> {
  return (yield* nvme_tryget_ns_head(head)) ? 0 : -E.ENXIO;
});

/** Kernel: nvme_ns_head_release(), all versions. Context: `open_mutex` held. */
export const nvme_ns_head_release = kfn('nvme_ns_head_release', (head: nvme_ns_head): Steps<void> =>
  nvme_put_ns_head(head),
);
