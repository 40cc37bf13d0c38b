// SPDX-License-Identifier: GPL-2.0-only
import {
  clear_bit,
  device_add_disk,
  for_each_online_node,
  kblockd_schedule_work,
  kfn,
  mutex_lock,
  mutex_unlock,
  queue_work,
  srcu_read_lock,
  srcu_read_unlock,
  store,
  synchronize_srcu,
  test_and_set_bit,
  type Steps,
} from '@libmultipath/driver-kit';
import { NVME_ANA_OPTIMIZED } from '../environment/constants.js';
import { trace_set_live } from '../environment/journal.js';
import { head_of } from '../environment/nvme-ns.js';
import { head_groups } from './attributes.js';
import { __nvme_find_path } from './find-path.js';
import { NVME_NSHEAD_DISK_LIVE } from './head-flags.js';
import type { nvme_ns } from './nvme-ns.js';
import type { nvme_ns_head } from './nvme-ns-head.js';
import { nvme_path_is_optimized } from './path-state.js';

/**
 * A submitter that has found no path is let put its bio on the list before the list is taken.
 * Part of nvme_mpath_set_live() since 5.3 (504db087aacc).
 */
export const wait_before_kick_5_3 = (head: nvme_ns_head): Steps<void> => synchronize_srcu(head.srcu);

/** Before 5.3: nobody is waited for. Part of nvme_mpath_set_live(). */
export function* no_wait_before_kick(): Steps<void> {}

/**
 * The first path that goes live brings the head's disk; every one makes each node look
 * for its path, and what waits is tried again.
 * Kernel: nvme_mpath_set_live(), all versions. Context: may sleep, no lock held.
 */
const nvme_mpath_set_live = kfn('nvme_mpath_set_live', function* (ns: nvme_ns): Steps<void> {
  const head = head_of(ns);
  const { disk, parts, subsys } = head;
  const { core } = subsys;
  yield* trace_set_live(core.journal);
  if (disk === null) return;
  if (!(yield* test_and_set_bit(NVME_NSHEAD_DISK_LIVE, head, 'flags'))) {
    if ((yield* device_add_disk(subsys.dev, disk, head_groups(head))) !== 0) {
      yield* clear_bit(NVME_NSHEAD_DISK_LIVE, head, 'flags');
      return;
    }
    yield* parts.add_cdev(head);
    yield* queue_work(core.nvme_wq, head.partition_scan_work);
  }
  yield* parts.add_sysfs_link(head);
  yield* mutex_lock(head.lock);
  if (yield* nvme_path_is_optimized(ns)) {
    const srcu_idx = yield* srcu_read_lock(head.srcu);
    for (const node of for_each_online_node()) yield* __nvme_find_path(head, node);
    yield* srcu_read_unlock(head.srcu, srcu_idx);
  }
  yield* mutex_unlock(head.lock);
  yield* parts.wait_before_kick(head);
  yield* kblockd_schedule_work(head.requeue_work);
});

/**
 * A controller without ANA serves its namespaces from the start.
 * Kernel: nvme_mpath_add_disk(), all versions. Context: may sleep.
 */
export const nvme_mpath_add_disk = kfn('nvme_mpath_add_disk', function* (ns: nvme_ns): Steps<void> {
  yield* store(ns, 'ana_state', NVME_ANA_OPTIMIZED);
  yield* nvme_mpath_set_live(ns);
});
