// SPDX-License-Identifier: GPL-2.0-only
import {
  clear_bit,
  for_each_node,
  get_capacity,
  kblockd_schedule_work,
  kfn,
  list_first_or_null_rcu,
  list_next_or_null_rcu,
  load_at,
  rcu_assign_pointer,
  srcu_read_lock,
  srcu_read_unlock,
  type Steps,
} from '@libmultipath/driver-kit';
import { NVME_NS_READY } from '../environment/constants.js';
import { for_each_ns } from '../environment/for-each-ns.js';
import type { nvme_ctrl } from '../environment/nvme-ctrl.js';
import { head_of } from '../environment/nvme-ns.js';
import { path_of, type nvme_ns } from './nvme-ns.js';
import type { nvme_ns_head } from './nvme-ns-head.js';

/**
 * Forgets the path wherever it is the one last chosen.
 * Kernel: nvme_mpath_clear_current_path(), all versions. Context: any.
 * @returns true when some node had it
 */
export const nvme_mpath_clear_current_path = kfn(
  'nvme_mpath_clear_current_path',
  function* (ns: nvme_ns): Steps<boolean> {
    const head = head_of(ns);
    let changed = false;
    for (const node of for_each_node()) {
      if ((yield* load_at(head, 'current_path', node)) !== ns) continue;
      yield* rcu_assign_pointer(head, 'current_path', null, node);
      changed = true;
    }
    return changed;
  },
);

/** Kernel: nvme_mpath_clear_ctrl_paths(), all versions. Context: may sleep. */
export const nvme_mpath_clear_ctrl_paths = kfn('nvme_mpath_clear_ctrl_paths', function* (ctrl: nvme_ctrl): Steps<void> {
  yield* for_each_ns(ctrl, function* (path) {
    const ns = path_of(path);
    yield* nvme_mpath_clear_current_path(ns);
    yield* kblockd_schedule_work(head_of(ns).requeue_work);
  });
});

/**
 * The head's size may have changed: paths of another size wait for their own update, every
 * choice is forgotten, and what waits is tried again.
 * Kernel: nvme_mpath_revalidate_paths(), all versions. Context: may sleep, the head's queue is frozen.
 */
export const nvme_mpath_revalidate_paths = kfn(
  'nvme_mpath_revalidate_paths',
  function* (head: nvme_ns_head): Steps<void> {
    if (head.disk === null) return;
    const capacity = yield* get_capacity(head.disk);
    const srcu_idx = yield* srcu_read_lock(head.srcu);
    for (
      let ns = yield* list_first_or_null_rcu(head.list);
      ns !== null;
      ns = yield* list_next_or_null_rcu(head.list, ns.siblings)
    ) {
      if ((yield* get_capacity(ns.disk)) !== capacity) yield* clear_bit(NVME_NS_READY, ns, 'flags');
    }
    yield* srcu_read_unlock(head.srcu, srcu_idx);
    for (const node of for_each_node()) yield* rcu_assign_pointer(head, 'current_path', null, node);
    yield* kblockd_schedule_work(head.requeue_work);
  },
);
