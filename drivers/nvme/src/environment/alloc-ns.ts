// SPDX-License-Identifier: GPL-2.0-only
import {
  blk_mq_alloc_disk,
  blk_mq_freeze_queue,
  blk_mq_unfreeze_queue,
  device_add_disk,
  E,
  GENHD_FL_HIDDEN,
  get_capacity,
  kfn,
  kfree,
  list_add,
  list_del_init,
  list_first_entry_or_null,
  list_next_or_null,
  load,
  put_disk,
  set_bit,
  set_capacity,
  set_capacity_and_notify,
  test_bit,
  type list_head,
  type Steps,
} from '@libmultipath/driver-kit';
import { NVME_CTRL_FROZEN, NVME_NS_READY } from './constants.js';
import { nvme_get_ctrl, nvme_put_ctrl } from './ctrl-reference.js';
import type { nvme_ctrl } from './nvme-ctrl.js';
import type { nvme_ns_base, nvme_ns_info } from './nvme-ns.js';
import { nvme_add_ns_cdev } from './ns-cdev.js';
import { ns_operations } from './ns-operations.js';

/**
 * First the path; then its head takes the size of the path that was updated last, while nobody is inside its queue.
 * Kernel: nvme_update_ns_info(), all versions. Context: may sleep.
 */
export const nvme_update_ns_info = kfn(
  'nvme_update_ns_info',
  function* (ns: nvme_ns_base, info: nvme_ns_info): Steps<void> {
    const { disk } = ns;
    const { mpath } = ns.ctrl.core;
    yield* blk_mq_freeze_queue(disk.queue);
    yield* set_capacity(disk, info.capacitySectors);
    yield* set_bit(NVME_NS_READY, ns, 'flags');
    if (ns.head !== null) ns.head.nuse = info.capacitySectors;
    yield* blk_mq_unfreeze_queue(disk.queue);
    const head_disk = mpath.head_disk(ns);
    if (head_disk === null) return;
    yield* blk_mq_freeze_queue(head_disk.queue);
    yield* set_capacity_and_notify(head_disk, yield* get_capacity(disk));
    yield* mpath.revalidate_paths(ns);
    yield* blk_mq_unfreeze_queue(head_disk.queue);
  },
);

/** After the last one with a smaller nsid. Kernel: nvme_ns_add_to_ctrl_list(), all versions. */
const nvme_ns_add_to_ctrl_list = kfn('nvme_ns_add_to_ctrl_list', function* (ns: nvme_ns_base): Steps<void> {
  const { namespaces } = ns.ctrl;
  let after: list_head<nvme_ns_base> = namespaces;
  let at = yield* list_first_entry_or_null(namespaces);
  while (at !== null && at.media.nsid < ns.media.nsid) {
    after = at.list;
    at = yield* list_next_or_null(namespaces, at.list);
  }
  yield* list_add(ns.list, after);
});

/**
 * The disk's name: with a head disk, of subsystem, controller and head, and hidden; else of subsystem and head, or,
 * where multipath is off, of controller and head.
 */
const nameDisk = (ns: nvme_ns_base): void => {
  const { ctrl, disk, head } = ns;
  const subsys = String(ctrl.subsys?.instance);
  const instance = String(head?.instance);
  if (ctrl.core.mpath.head_disk(ns) !== null) {
    disk.disk_name = `nvme${subsys}c${String(ctrl.instance)}n${instance}`;
    disk.flags |= GENHD_FL_HIDDEN;
  } else {
    disk.disk_name = `nvme${ctrl.core.multipath ? subsys : String(ctrl.instance)}n${instance}`;
  }
};

/** Up to 6.11: nobody asks. Part of nvme_alloc_ns(). */
export function* allowed_while_frozen_6_1(): Steps<boolean> {
  return false;
}

/**
 * A path that joins between freeze and unfreeze would be unfrozen only.
 * Part of nvme_alloc_ns(), 6.12 to 7.3. Context: the namespaces' lock is held.
 */
export const refused_while_frozen_6_12 = (ctrl: nvme_ctrl): Steps<boolean> => test_bit(NVME_CTRL_FROZEN, ctrl, 'flags');

/** Into the controller's list. @returns false: its queues are frozen. Part of nvme_alloc_ns(). */
function* list_ns(ns: nvme_ns_base): Steps<boolean> {
  const { namespaces_guard, core } = ns.ctrl;
  yield* namespaces_guard.write_lock();
  const refused = yield* core.parts.refused_while_frozen(ns.ctrl);
  if (!refused) yield* nvme_ns_add_to_ctrl_list(ns);
  yield* namespaces_guard.write_unlock();
  return !refused;
}

/** The path leaves its head and is gone. Error path of nvme_alloc_ns(). */
function* drop_ns(ns: nvme_ns_base): Steps<void> {
  yield* ns.ctrl.core.mpath.unlink_ns(ns);
  yield* put_disk(ns.disk);
  yield* kfree(ns);
}

/**
 * Makes a path and joins it to its head.
 * Kernel: nvme_alloc_ns(), all versions. Context: may sleep, `ctrl->scan_lock` held.
 * References: the path holds one on its head and one on its controller.
 */
export const nvme_alloc_ns = kfn('nvme_alloc_ns', function* (ctrl: nvme_ctrl, info: nvme_ns_info): Steps<void> {
  const { core, namespaces_guard } = ctrl;
  const ns = core.mpath.new_ns(ctrl, info);
  const disk = yield* blk_mq_alloc_disk(ctrl.numa_node);
  disk.fops = ns_operations(ns);
  disk.private_data = ns;
  ns.disk = disk;
  if ((yield* core.mpath.init_ns_head(ns, info)) !== 0) {
    yield* put_disk(disk);
    yield* kfree(ns);
    return;
  }
  nameDisk(ns);
  yield* nvme_update_ns_info(ns, info);
  if (!(yield* list_ns(ns))) {
    yield* drop_ns(ns);
    return;
  }
  yield* nvme_get_ctrl(ctrl);
  const error = (yield* load(ctrl.slot.hw, 'refuses_disk'))
    ? -E.ENOMEM
    : yield* device_add_disk(ctrl.device, disk, core.mpath.path_groups(ns));
  if (error !== 0) {
    yield* nvme_put_ctrl(ctrl);
    yield* namespaces_guard.write_lock();
    yield* list_del_init(ns.list);
    yield* namespaces_guard.write_unlock();
    yield* drop_ns(ns);
    return;
  }
  if (core.mpath.head_disk(ns) === null) yield* nvme_add_ns_cdev(ns);
  yield* core.mpath.mpath_add_disk(ns, info.anagrpid);
});
