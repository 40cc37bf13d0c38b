// SPDX-License-Identifier: GPL-2.0-only
import {
  blk_alloc_disk,
  dev_err,
  dev_warn,
  E,
  GD_SUPPRESS_PART_SCAN,
  ida_alloc_min,
  init_srcu_struct,
  kfn,
  kref_get,
  list_add_tail,
  list_add_tail_rcu,
  list_empty,
  mutex_lock,
  mutex_unlock,
  set_bit,
  store,
  type Steps,
} from '@libmultipath/driver-kit';
import { NVME_CTRL_CMIC_MULTI_CTRL } from '../environment/constants.js';
import {
  check_global_ids,
  nvme_is_unique_nsid,
  nvme_subsys_check_duplicate_ids,
} from '../environment/duplicate-ids.js';
import { nvme_find_ns_head } from '../environment/find-ns-head.js';
import { nvme_ns_ids_equal } from '../environment/ns-ids.js';
import type { nvme_ctrl } from '../environment/nvme-ctrl.js';
import type { nvme_ns_info } from '../environment/nvme-ns.js';
import { nvme_get_ns_head, nvme_tryget_ns_head } from '../environment/nvme-ns-head-base.js';
import { subsystem_of } from '../environment/nvme-subsystem.js';
import { nvme_ns_head_open, nvme_ns_head_release, nvme_put_ns_head } from './head-reference.js';
import { head_from, nvme_ns_head } from './nvme-ns-head.js';
import type { nvme_ns } from './nvme-ns.js';
import type { MainlineParts } from './parts.js';
import { nvme_ns_head_submit_bio } from './submit.js';

/** Up to 6.12: a head without paths is not joined. Part of nvme_find_ns_head(). */
export function* take_found_head_6_1(head: nvme_ns_head): Steps<boolean> {
  return !(yield* list_empty(head.list)) && (yield* nvme_tryget_ns_head(head));
}

/** 7.2 and 7.3: a head in delayed removal is joined. Part of nvme_find_ns_head(). */
export const take_found_head_7_2 = (head: nvme_ns_head): Steps<boolean> => nvme_tryget_ns_head(head);

/** 6.1: the disk is held by nobody but the paths. */
export function* disk_made_6_1(): Steps<void> {}

/** 7.2 and 7.3: the disk holds a reference, which nvme_remove_head() drops. */
export const disk_made_7_2 = (head: nvme_ns_head): Steps<void> => nvme_get_ns_head(head);

/** Kernel: nvme_mpath_alloc_disk(), all versions. Context: may sleep, `subsys->lock` held. @returns 0 */
const nvme_mpath_alloc_disk = kfn(
  'nvme_mpath_alloc_disk',
  function* (ctrl: nvme_ctrl, head: nvme_ns_head): Steps<number> {
    const { subsys } = head;
    if (!ctrl.core.multipath_always_on) {
      if ((subsys.cmic & NVME_CTRL_CMIC_MULTI_CTRL) === 0 || !ctrl.core.multipath) return 0;
    }
    if (!nvme_is_unique_nsid(ctrl, head)) return 0;
    const disk = yield* blk_alloc_disk(ctrl.numa_node);
    disk.fops = {
      ...head.parts.head_operations(head),
      owner: ctrl.core.this_module,
      submit_bio: (bio) => nvme_ns_head_submit_bio(head, bio),
      open: () => nvme_ns_head_open(head),
      release: () => nvme_ns_head_release(head),
    };
    disk.private_data = head;
    yield* set_bit(GD_SUPPRESS_PART_SCAN, disk, 'state');
    disk.disk_name = `nvme${String(subsys.instance)}n${String(head.instance)}`;
    head.disk = disk;
    yield* head.parts.disk_made(head);
    return 0;
  },
);

/**
 * Kernel: nvme_alloc_ns_head(), all versions. Context: may sleep, `subsys->lock` held.
 * References: one, for the path it is made for; the head holds one on the subsystem.
 */
const nvme_alloc_ns_head = kfn(
  'nvme_alloc_ns_head',
  function* (ctrl: nvme_ctrl, info: nvme_ns_info, parts: MainlineParts): Steps<nvme_ns_head> {
    const subsys = subsystem_of(ctrl);
    const instance = yield* ida_alloc_min(subsys.ns_ida, 1);
    const head = new nvme_ns_head(subsys, info.nsid, info.is_shared, instance, parts);
    head.ids = info.ids;
    yield* init_srcu_struct(head.srcu);
    yield* nvme_mpath_alloc_disk(ctrl, head);
    yield* list_add_tail(head.entry, subsys.nsheads);
    yield* kref_get(subsys.ref);
    return head;
  },
);

/** Up to 6.12: whenever either is not shared. Part of nvme_init_ns_head(). */
export function* refuses_unshared_6_1(head: nvme_ns_head, info: nvme_ns_info): Steps<boolean> {
  return !info.is_shared || !head.shared;
}

/** 7.2 and 7.3: only while the head has paths. Part of nvme_init_ns_head(). */
export function* refuses_unshared_7_2(head: nvme_ns_head, info: nvme_ns_info): Steps<boolean> {
  return (!info.is_shared || !head.shared) && !(yield* list_empty(head.list));
}

/** Why a path may not join the head that has its nsid; undefined: it may. Part of nvme_init_ns_head(). */
function* refusal(head: nvme_ns_head, info: nvme_ns_info, parts: MainlineParts): Steps<string | undefined> {
  if (yield* parts.refuses_unshared(head, info)) return `Duplicate unshared namespace ${String(info.nsid)}`;
  if (nvme_ns_ids_equal(head.ids, info.ids)) return undefined;
  return `IDs don't match for shared namespace ${String(info.nsid)}`;
}

/** @returns the head with a reference for the path, or -errno. Part of nvme_init_ns_head(), `subsys->lock` held. */
function* find_or_make(ctrl: nvme_ctrl, info: nvme_ns_info, parts: MainlineParts): Steps<nvme_ns_head | number> {
  const subsys = subsystem_of(ctrl);
  const head = yield* nvme_find_ns_head(subsys, info.nsid, head_from, parts.take_found_head, ctrl);
  if (head === null) {
    if ((yield* nvme_subsys_check_duplicate_ids(subsys, info.ids)) === 0) {
      return yield* nvme_alloc_ns_head(ctrl, info, parts);
    }
    dev_err(ctrl.device, `duplicate IDs in subsystem for nsid ${String(info.nsid)}`);
    return -E.EINVAL;
  }
  const why = yield* refusal(head, info, parts);
  if (why !== undefined) {
    dev_err(ctrl.device, why);
    yield* nvme_put_ns_head(head);
    return -E.EINVAL;
  }
  if (!ctrl.core.multipath) {
    const text = `Found shared namespace ${String(info.nsid)}, but multipathing not supported.`;
    dev_warn(ctrl.device, text);
  }
  return head;
}

/**
 * The path joins the head of its nsid, or a new one.
 * Kernel: nvme_init_ns_head(), all versions. Context: may sleep, no lock held.
 * @returns 0 or -EINVAL
 */
export const nvme_init_ns_head = kfn(
  'nvme_init_ns_head',
  function* (ns: nvme_ns, reported: nvme_ns_info, parts: MainlineParts): Steps<number> {
    const { ctrl } = ns;
    const info = yield* check_global_ids(ctrl, reported);
    if (typeof info === 'number') return info;
    const subsys = subsystem_of(ctrl);
    yield* mutex_lock(subsys.lock);
    const head = yield* find_or_make(ctrl, info, parts);
    if (typeof head === 'number') {
      yield* mutex_unlock(subsys.lock);
      return head;
    }
    yield* list_add_tail_rcu(ns.siblings, head.list);
    yield* store(ns, 'head', head);
    yield* mutex_unlock(subsys.lock);
    yield* parts.path_joined(head);
    return 0;
  },
);
