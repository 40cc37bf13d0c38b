// SPDX-License-Identifier: GPL-2.0-only
import { ida_alloc_min, ida_free, kfn, kfree, kref_get, list_add_tail, type Steps } from '@libmultipath/driver-kit';
import { NVME_CTRL_CMIC_MULTI_CTRL } from '../environment/constants.js';
import { nvme_is_unique_nsid } from '../environment/duplicate-ids.js';
import type { nvme_ctrl } from '../environment/nvme-ctrl.js';
import { nvme_get_ns_head } from '../environment/nvme-ns-head-base.js';
import type { nvme_ns_info } from '../environment/nvme-ns.js';
import type { nvme_subsystem } from '../environment/nvme-subsystem.js';
import type { NvmeConversion } from './library.js';
import type { template_head } from './nvme-ns-head.js';

/**
 * May decide that the head gets no disk.
 * Kernel: nvme_mpath_alloc_disk(), NVMe v1 to v3. Context: may sleep, `subsys->lock` held.
 * References: the disk holds one on the head, which the head's removal drops.
 * @returns 0 or -errno
 */
const nvme_mpath_alloc_disk = kfn(
  'nvme_mpath_alloc_disk',
  function* (nvme: NvmeConversion, ctrl: nvme_ctrl, head: template_head): Steps<number> {
    const { subsys } = head;
    const { multipath, multipath_always_on } = ctrl.core;
    if (!multipath_always_on && ((subsys.cmic & NVME_CTRL_CMIC_MULTI_CTRL) === 0 || !multipath)) return 0;
    if (!nvme_is_unique_nsid(ctrl, head)) return 0;
    const error = yield* nvme.alloc_disk(head, ctrl, nvme.lacks);
    if (error !== 0) return error;
    const disk = nvme.disk_of(head);
    if (disk !== null) disk.disk_name = `nvme${String(subsys.instance)}n${String(head.instance)}`;
    yield* nvme_get_ns_head(head);
    return 0;
  },
);

/**
 * Kernel: nvme_alloc_ns_head(), NVMe v1 to v3. Context: may sleep, `subsys->lock` held.
 * References: one, for the path it is made for; the head holds one on the subsystem.
 * @returns the head or -errno
 */
export const nvme_alloc_ns_head = kfn(
  'nvme_alloc_ns_head',
  function* (
    nvme: NvmeConversion,
    ctrl: nvme_ctrl,
    subsys: nvme_subsystem,
    info: nvme_ns_info,
  ): Steps<template_head | number> {
    const instance = yield* ida_alloc_min(subsys.ns_ida, 1);
    const head = nvme.new_head(subsys, info, instance);
    head.ids = info.ids;
    let error = yield* nvme.init_head(head, ctrl, nvme.lacks);
    if (error === 0) {
      error = yield* nvme_mpath_alloc_disk(nvme, ctrl, head);
      if (error === 0) {
        yield* list_add_tail(head.entry, subsys.nsheads);
        yield* kref_get(subsys.ref);
        return head;
      }
      yield* nvme.undo_head(head);
    }
    yield* ida_free(subsys.ns_ida, instance);
    yield* kfree(head);
    return error;
  },
);
