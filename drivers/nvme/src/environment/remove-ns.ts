// SPDX-License-Identifier: GPL-2.0-only
import {
  clear_bit,
  del_gendisk,
  flush_work,
  kfn,
  KObject,
  list_del_rcu,
  list_first_entry_or_null,
  list_head,
  list_next_or_null,
  set_capacity,
  test_and_set_bit,
  type Steps,
} from '@libmultipath/driver-kit';
import { NVME_CTRL_DELETING_NOIO, NVME_NS_READY, NVME_NS_REMOVING } from './constants.js';
import { nvme_change_ctrl_state } from './ctrl-state.js';
import { nvme_mark_namespaces_dead } from './dev-disable.js';
import type { nvme_ctrl } from './nvme-ctrl.js';
import { nvme_ns_cdev_del } from './ns-cdev.js';
import { nvme_put_ns, type nvme_ns_base } from './nvme-ns.js';
import { nvme_unquiesce_io_queues } from './quiesce.js';

/**
 * Nobody chooses the path, then nobody is inside, then it leaves the head, then its disk
 * goes, then perhaps the head.
 * Kernel: nvme_ns_remove(), all versions. Context: may sleep, no lock held.
 */
export const nvme_ns_remove = kfn('nvme_ns_remove', function* (ns: nvme_ns_base): Steps<void> {
  const { ctrl, disk, head } = ns;
  const { mpath } = ctrl.core;
  if (yield* test_and_set_bit(NVME_NS_REMOVING, ns, 'flags')) return;
  yield* clear_bit(NVME_NS_READY, ns, 'flags');
  yield* set_capacity(disk, 0);
  const last_path = yield* mpath.remove_from_head(ns);
  if (ns.cdev_device !== null) yield* nvme_ns_cdev_del(ns);
  yield* mpath.remove_sysfs_link(ns);
  yield* del_gendisk(disk);
  yield* ctrl.namespaces_guard.write_lock();
  yield* list_del_rcu(ns.list);
  yield* ctrl.namespaces_guard.write_unlock();
  if (last_path && head !== null) yield* mpath.remove_disk(head);
  yield* nvme_put_ns(ns);
});

/** List of what is being removed, on the stack of who removes it. */
class removal_list extends KObject {
  readonly list = new list_head<nvme_ns_base>(this);
}

/** Up to 6.11: what the queues keep back stays there. Part of nvme_remove_namespaces(). */
export function* keep_quiesced_6_1(): Steps<void> {}

/**
 * I/O that a scan waits for must end. (The queues of a PCI function are not quiesced by then: its reset has ended.)
 * Part of nvme_remove_namespaces(), 6.12 to 7.3.
 */
export function* unquiesce_6_12(ctrl: nvme_ctrl): Steps<void> {
  if (ctrl.opts !== null) yield* nvme_unquiesce_io_queues(ctrl);
}

/** Kernel: nvme_remove_namespaces(), all versions. Context: may sleep. */
export const nvme_remove_namespaces = kfn('nvme_remove_namespaces', function* (ctrl: nvme_ctrl): Steps<void> {
  yield* ctrl.core.mpath.clear_ctrl_paths(ctrl);
  yield* ctrl.core.parts.before_scan_ends(ctrl);
  yield* flush_work(ctrl.scan_work);
  if (ctrl.isDead) yield* nvme_mark_namespaces_dead(ctrl);
  yield* nvme_change_ctrl_state(ctrl, NVME_CTRL_DELETING_NOIO);
  const { list: ns_list } = new removal_list();
  yield* ctrl.namespaces_guard.write_lock();
  yield* ctrl.namespaces_guard.splice(ctrl.namespaces, ns_list);
  yield* ctrl.namespaces_guard.write_unlock();
  let ns = yield* list_first_entry_or_null(ns_list);
  while (ns !== null) {
    const next: nvme_ns_base | null = yield* list_next_or_null(ns_list, ns.list);
    yield* nvme_ns_remove(ns);
    ns = next;
  }
});
