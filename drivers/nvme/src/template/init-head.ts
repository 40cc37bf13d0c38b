// SPDX-License-Identifier: GPL-2.0-only
import {
  E,
  kfn,
  mutex_lock,
  mutex_unlock,
  store,
  type LibV3,
  type mpath_head_template,
  type Steps,
} from '@libmultipath/driver-kit';
import { nvme_find_ns_head } from '../environment/find-ns-head.js';
import type { nvme_ns_info } from '../environment/nvme-ns.js';
import { nvme_tryget_ns_head } from '../environment/nvme-ns-head-base.js';
import { subsystem_of } from '../environment/nvme-subsystem.js';
import { nvme_alloc_ns_head } from './alloc-head.js';
import { nvme_put_ns_head } from './head-reference.js';
import type { nvme_ns } from './nvme-ns.js';
import { head_from, type nvme_ns_head } from './nvme-ns-head.js';

/** A namespace that is not shared joins only a head without paths. Part of nvme_init_ns_head(), NVMe v3. */
function* refuses_unshared(lib: LibV3, head: nvme_ns_head, info: nvme_ns_info): Steps<boolean> {
  return (!info.is_shared || !head.shared) && !(yield* lib.mpath_head_devices_empty(head.mpath_head));
}

/**
 * The path joins the head of its nsid, also one in delayed removal, or a new one; the library then calls off a removal
 * that is pending, here with the subsystem's lock held.
 * Kernel: nvme_init_ns_head(), NVMe v3. Context: may sleep, no lock held. (The check for ids
 * that other subsystems have is left out: there is one subsystem.)
 * @returns 0 or -errno
 */
export const nvme_init_ns_head = kfn(
  'nvme_init_ns_head',
  function* (lib: LibV3, mpdt: mpath_head_template, ns: nvme_ns, info: nvme_ns_info): Steps<number> {
    const { ctrl } = ns;
    const subsys = subsystem_of(ctrl);
    yield* mutex_lock(subsys.lock);
    const found = yield* nvme_find_ns_head(subsys, info.nsid, head_from, nvme_tryget_ns_head);
    const head = found ?? (yield* nvme_alloc_ns_head(lib, mpdt, ctrl, subsys, info));
    if (typeof head === 'number') {
      yield* mutex_unlock(subsys.lock);
      return head;
    }
    if (found !== null && (yield* refuses_unshared(lib, head, info))) {
      yield* nvme_put_ns_head(lib, head);
      yield* mutex_unlock(subsys.lock);
      return -E.EINVAL;
    }
    yield* lib.mpath_add_device(ns.mpath_device, head.mpath_head, ns.disk, ctrl.numa_node, ctrl.nr_active);
    yield* store(ns, 'head', head);
    yield* mutex_unlock(subsys.lock);
    return 0;
  },
);
