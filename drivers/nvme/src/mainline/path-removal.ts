// SPDX-License-Identifier: GPL-2.0-only
import {
  list_del_init,
  list_del_rcu,
  list_empty,
  mutex_lock,
  mutex_unlock,
  synchronize_srcu,
  type Steps,
} from '@libmultipath/driver-kit';
import { head_of } from '../environment/nvme-ns.js';
import { nvme_mpath_queue_if_no_path } from './available-path.js';
import { nvme_mpath_clear_current_path } from './current-path.js';
import { nvme_put_ns_head } from './head-reference.js';
import type { nvme_ns } from './nvme-ns.js';
import type { nvme_ns_head } from './nvme-ns-head.js';

/** Up to 6.12. Part of nvme_ns_remove(), `subsys->lock` held. */
export const unlink_head_6_1 = (head: nvme_ns_head): Steps<void> => list_del_init(head.entry);

/** 7.2 and 7.3: a head that is told to wait can be found again. Part of nvme_ns_remove(), `subsys->lock` held. */
export function* unlink_head_7_2(head: nvme_ns_head): Steps<void> {
  if (!(yield* nvme_mpath_queue_if_no_path(head))) yield* list_del_init(head.entry);
}

/**
 * READY is clear already: the first wait makes every reader see that, the second is for
 * those who were inside the path, the third for those who stood on the list.
 * Part of nvme_ns_remove(), all versions. Context: may sleep, no lock held.
 * @returns true when it was the last path
 */
export function* remove_from_head(ns: nvme_ns): Steps<boolean> {
  const head = head_of(ns);
  let last_path = false;
  yield* synchronize_srcu(head.srcu);
  if (yield* nvme_mpath_clear_current_path(ns)) yield* synchronize_srcu(head.srcu);
  yield* mutex_lock(head.subsys.lock);
  yield* list_del_rcu(ns.siblings);
  if (yield* list_empty(head.list)) {
    yield* head.parts.unlink_head(head);
    last_path = true;
  }
  yield* mutex_unlock(head.subsys.lock);
  yield* synchronize_srcu(head.srcu);
  return last_path;
}

/** Error path of nvme_alloc_ns(), all versions. Context: may sleep, no lock held. */
export function* unlink_ns(ns: nvme_ns): Steps<void> {
  const head = head_of(ns);
  let last_path = false;
  yield* mutex_lock(head.subsys.lock);
  yield* list_del_rcu(ns.siblings);
  if (yield* list_empty(head.list)) {
    yield* list_del_init(head.entry);
    last_path = head.disk !== null;
  }
  yield* mutex_unlock(head.subsys.lock);
  yield* head.parts.await_readers(head);
  if (last_path) yield* head.parts.drop_failed_head(head);
  yield* nvme_put_ns_head(head);
}
