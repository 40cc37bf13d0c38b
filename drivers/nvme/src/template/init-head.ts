// SPDX-License-Identifier: GPL-2.0-only
import { dev_err, dev_warn, E, kfn, mutex_lock, mutex_unlock, store, type Steps } from '@libmultipath/driver-kit';
import { check_global_ids, nvme_subsys_check_duplicate_ids } from '../environment/duplicate-ids.js';
import { nvme_find_ns_head } from '../environment/find-ns-head.js';
import { nvme_ns_ids_equal } from '../environment/ns-ids.js';
import type { nvme_ctrl } from '../environment/nvme-ctrl.js';
import { nvme_tryget_ns_head } from '../environment/nvme-ns-head-base.js';
import type { nvme_ns_info } from '../environment/nvme-ns.js';
import { subsystem_of } from '../environment/nvme-subsystem.js';
import { nvme_alloc_ns_head } from './alloc-head.js';
import { nvme_put_ns_head } from './head-reference.js';
import type { NvmeConversion } from './library.js';
import { head_from, type template_head } from './nvme-ns-head.js';
import type { template_ns } from './nvme-ns.js';

/**
 * Why a path may not join the head that has its nsid; undefined: it may. A namespace that is not shared joins only a
 * head without paths. Part of nvme_init_ns_head(), NVMe v1 to v3.
 */
function* refusal(nvme: NvmeConversion, head: template_head, info: nvme_ns_info): Steps<string | undefined> {
  const nsid = String(info.nsid);
  if ((!info.is_shared || !head.shared) && !(yield* nvme.is_empty(head))) return `Duplicate unshared namespace ${nsid}`;
  return nvme_ns_ids_equal(head.ids, info.ids) ? undefined : `IDs don't match for shared namespace ${nsid}`;
}

/** @returns the head with a reference for the path, or -errno. Part of nvme_init_ns_head(), `subsys->lock` held. */
function* find_or_make(nvme: NvmeConversion, ctrl: nvme_ctrl, info: nvme_ns_info): Steps<template_head | number> {
  const subsys = subsystem_of(ctrl);
  const nsid = String(info.nsid);
  const head = yield* nvme_find_ns_head(subsys, info.nsid, head_from, nvme_tryget_ns_head, ctrl);
  if (head === null) {
    if ((yield* nvme_subsys_check_duplicate_ids(subsys, info.ids)) === 0) {
      return yield* nvme_alloc_ns_head(nvme, ctrl, subsys, info);
    }
    dev_err(ctrl.device, `duplicate IDs in subsystem for nsid ${nsid}`);
    return -E.EINVAL;
  }
  const why = yield* refusal(nvme, head, info);
  if (why !== undefined) {
    dev_err(ctrl.device, why);
    yield* nvme_put_ns_head(nvme, head);
    return -E.EINVAL;
  }
  if (!ctrl.core.multipath) {
    dev_warn(ctrl.device, `Found shared namespace ${nsid}, but multipathing not supported.`);
  }
  return head;
}

/**
 * The path joins the head of its nsid, also one in delayed removal, or a new one; the library then calls off a
 * removal that is pending, here with the subsystem's lock held.
 * Kernel: nvme_init_ns_head(), NVMe v1 to v3. Context: may sleep, no lock held.
 * @returns 0 or -errno
 */
export const nvme_init_ns_head = kfn(
  'nvme_init_ns_head',
  function* (nvme: NvmeConversion, ns: template_ns, reported: nvme_ns_info): Steps<number> {
    const { ctrl } = ns;
    const subsys = subsystem_of(ctrl);
    const info = yield* check_global_ids(ctrl, reported);
    if (typeof info === 'number') return info;
    yield* mutex_lock(subsys.lock);
    const head = yield* find_or_make(nvme, ctrl, info);
    if (typeof head === 'number') {
      yield* mutex_unlock(subsys.lock);
      return head;
    }
    yield* store(ns, 'head', head);
    yield* nvme.add_ns(ns, head);
    yield* mutex_unlock(subsys.lock);
    return 0;
  },
);
