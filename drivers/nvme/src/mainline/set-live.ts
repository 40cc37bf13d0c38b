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
  READ_ONCE,
  set_bit,
  srcu_read_lock,
  srcu_read_unlock,
  store,
  synchronize_srcu,
  test_and_set_bit,
  test_bit,
  type Steps,
} from '@libmultipath/driver-kit';
import type { nvme_ana_group_desc } from '../environment/ana-parse.js';
import { lookup_ana_group, nvme_ctrl_use_ana } from '../environment/ana.js';
import {
  NVME_ANA_NONOPTIMIZED,
  NVME_ANA_OPTIMIZED,
  NVME_CTRL_LIVE,
  NVME_NS_ANA_PENDING,
} from '../environment/constants.js';
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

const isLive = (ana_state: number): boolean => ana_state === NVME_ANA_OPTIMIZED || ana_state === NVME_ANA_NONOPTIMIZED;

function* apply(ns: nvme_ns, desc: nvme_ana_group_desc): Steps<void> {
  yield* store(ns, 'ana_grpid', desc.grpid);
  yield* store(ns, 'ana_state', desc.state);
  yield* clear_bit(NVME_NS_ANA_PENDING, ns, 'flags');
}

function* may_go_live(ns: nvme_ns, { state }: nvme_ana_group_desc): Steps<boolean> {
  return isLive(state) && (yield* READ_ONCE(ns.ctrl, 'state')) === NVME_CTRL_LIVE;
}

/**
 * A path that may take I/O goes live; for another nobody is woken and nothing forgotten.
 * Kernel: nvme_update_ns_ana_state(), 6.1 and 6.12. Context: may sleep, `ana_lock` held.
 */
export const update_ns_ana_state_6_1 = kfn(
  'nvme_update_ns_ana_state',
  function* (ns: nvme_ns, desc: nvme_ana_group_desc): Steps<void> {
    yield* apply(ns, desc);
    if (yield* may_go_live(ns, desc)) yield* nvme_mpath_set_live(ns);
  },
);

/**
 * Also one that may not is linked, if the head's disk is there.
 * Kernel: nvme_update_ns_ana_state(), 7.2 and 7.3. Context: may sleep, `ana_lock` held.
 */
export const update_ns_ana_state_6_15 = kfn(
  'nvme_update_ns_ana_state',
  function* (ns: nvme_ns, desc: nvme_ana_group_desc): Steps<void> {
    const head = head_of(ns);
    yield* apply(ns, desc);
    if (yield* may_go_live(ns, desc)) yield* nvme_mpath_set_live(ns);
    else if (yield* test_bit(NVME_NSHEAD_DISK_LIVE, head, 'flags')) yield* head.parts.add_sysfs_link(head);
  },
);

/**
 * With ANA the path has the state of its group, as the log page had it last; a group that is not there is waited
 * for. Without, it serves its namespace from the start.
 * Kernel: nvme_mpath_add_disk(), all versions. Context: may sleep.
 */
export const nvme_mpath_add_disk = kfn(
  'nvme_mpath_add_disk',
  function* (ns: nvme_ns, anagrpid: number = 1): Steps<void> {
    const { ctrl } = ns;
    const { ana, core } = ctrl;
    if (ana === null || !(yield* nvme_ctrl_use_ana(ctrl))) {
      yield* store(ns, 'ana_state', NVME_ANA_OPTIMIZED);
      yield* nvme_mpath_set_live(ns);
      return;
    }
    const desc = yield* lookup_ana_group(ctrl, ns, anagrpid);
    if (desc !== null) {
      yield* head_of(ns).parts.update_ns_ana_state(ns, desc);
      return;
    }
    yield* set_bit(NVME_NS_ANA_PENDING, ns, 'flags');
    yield* queue_work(core.nvme_wq, ana.ana_work);
  },
);
