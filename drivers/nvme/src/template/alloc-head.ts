// SPDX-License-Identifier: GPL-2.0-only
import {
  ida_alloc_min,
  ida_free,
  kfn,
  kfree,
  kref_get,
  list_add_tail,
  type LibV3,
  type mpath_head_template,
  type Steps,
} from '@libmultipath/driver-kit';
import { NVME_CTRL_CMIC_MULTI_CTRL } from '../environment/constants.js';
import type { nvme_ctrl } from '../environment/nvme-ctrl.js';
import { nvme_get_ns_head } from '../environment/nvme-ns-head-base.js';
import type { nvme_ns_info } from '../environment/nvme-ns.js';
import type { nvme_subsystem } from '../environment/nvme-subsystem.js';
import { head_groups } from './attributes.js';
import { nvme_ns_head } from './nvme-ns-head.js';
import { mpath_iopolicy_of } from './policy.js';

/**
 * May decide that the head gets no disk: `mpath_head.disk` stays NULL.
 * Kernel: nvme_mpath_alloc_disk(), NVMe v3. Context: may sleep, `subsys->lock` held.
 * References: the disk holds one on the head, which nvme_remove_head() drops.
 * @returns 0 or -errno
 */
const nvme_mpath_alloc_disk = kfn(
  'nvme_mpath_alloc_disk',
  function* (lib: LibV3, mpdt: mpath_head_template, ctrl: nvme_ctrl, head: nvme_ns_head): Steps<number> {
    const { subsys, mpath_head } = head;
    mpath_head.mpdt = mpdt;
    if ((subsys.cmic & NVME_CTRL_CMIC_MULTI_CTRL) === 0) return 0;
    const error = yield* lib.mpath_alloc_head_disk(mpath_head, ctrl.numa_node);
    if (error !== 0) return error;
    if (mpath_head.disk !== null) mpath_head.disk.disk_name = `nvme${String(subsys.instance)}n${String(head.instance)}`;
    yield* nvme_get_ns_head(head);
    return 0;
  },
);

/**
 * Kernel: nvme_alloc_ns_head(), NVMe v3. Context: may sleep, `subsys->lock` held.
 * References: one, for the path it is made for; the head holds one on the subsystem.
 * @returns the head or -errno
 */
export const nvme_alloc_ns_head = kfn(
  'nvme_alloc_ns_head',
  function* (
    lib: LibV3,
    mpdt: mpath_head_template,
    ctrl: nvme_ctrl,
    subsys: nvme_subsystem,
    info: nvme_ns_info,
  ): Steps<nvme_ns_head | number> {
    const instance = yield* ida_alloc_min(subsys.ns_ida, 1);
    const head = new nvme_ns_head(lib, subsys, info.nsid, info.is_shared, instance);
    const { mpath_head } = head;
    let error = yield* lib.mpath_head_init(mpath_head);
    if (error === 0) {
      mpath_head.drv_module = ctrl.core.this_module;
      mpath_head.disk_groups = head_groups(lib, head);
      mpath_head.parent = subsys.dev;
      mpath_head.iopolicy = mpath_iopolicy_of(subsys);
      error = yield* nvme_mpath_alloc_disk(lib, mpdt, ctrl, head);
      if (error === 0) {
        yield* list_add_tail(head.entry, subsys.nsheads);
        yield* kref_get(subsys.ref);
        return head;
      }
      yield* lib.mpath_put_head(mpath_head);
    }
    yield* ida_free(subsys.ns_ida, instance);
    yield* kfree(head);
    return error;
  },
);
