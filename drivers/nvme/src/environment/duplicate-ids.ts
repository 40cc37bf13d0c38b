// SPDX-License-Identifier: GPL-2.0-only
import {
  dev_err,
  E,
  kfn,
  list_first_entry_or_null,
  list_next_or_null,
  mutex_lock,
  mutex_unlock,
  type Steps,
} from '@libmultipath/driver-kit';
import {
  NVME_CTRL_CMIC_ANA,
  NVME_CTRL_CMIC_MULTI_CTRL,
  NVME_CTRL_CTRATT_NVM_SETS,
  NVME_CTRL_OACS_NS_MNGT_SUPP,
} from './constants.js';
import { noIds, shareIdentifier, type nvme_ns_ids } from './ns-ids.js';
import type { nvme_ctrl } from './nvme-ctrl.js';
import type { nvme_ns_head_base } from './nvme-ns-head-base.js';
import type { nvme_ns_info } from './nvme-ns.js';
import { subsystem_of, type nvme_subsystem } from './nvme-subsystem.js';

/**
 * Does the namespace id stand for one namespace, so that the controller's and the head's are the same?
 * Kernel: nvme_is_unique_nsid(), all versions. Pure: nothing of it changes.
 */
export const nvme_is_unique_nsid = (ctrl: nvme_ctrl, head: nvme_ns_head_base): boolean => {
  const { oacs, ctratt } = ctrl.slot.identity;
  return (
    head.shared ||
    (oacs & NVME_CTRL_OACS_NS_MNGT_SUPP) !== 0 ||
    (head.subsys.cmic & NVME_CTRL_CMIC_ANA) !== 0 ||
    (ctratt & NVME_CTRL_CTRATT_NVM_SETS) !== 0
  );
};

/** Without an identifier there is nothing to be found twice, so nobody looks. */
const hasIdentifier = ({ uuid, nguid, eui64 }: nvme_ns_ids): boolean => uuid !== '' || nguid !== '' || eui64 !== '';

/** Kernel: nvme_subsys_check_duplicate_ids(), all versions. Context: `subsys->lock` held. @returns 0 or -EINVAL */
export const nvme_subsys_check_duplicate_ids = kfn(
  'nvme_subsys_check_duplicate_ids',
  function* (subsys: nvme_subsystem, ids: nvme_ns_ids): Steps<number> {
    if (!hasIdentifier(ids)) return 0;
    let head = yield* list_first_entry_or_null(subsys.nsheads);
    for (; head !== null; head = yield* list_next_or_null(subsys.nsheads, head.entry)) {
      if (shareIdentifier(ids, head.ids)) return -E.EINVAL;
    }
    return 0;
  },
);

/**
 * Looks at every other subsystem. A head that is being made meanwhile is missed, which the kernel knows.
 * Kernel: nvme_global_check_duplicate_ids(), all versions. Context: may sleep, no lock held. @returns 0 or -EINVAL
 */
const nvme_global_check_duplicate_ids = kfn(
  'nvme_global_check_duplicate_ids',
  function* (own: nvme_subsystem, ids: nvme_ns_ids): Steps<number> {
    const { core } = own;
    let error = 0;
    yield* mutex_lock(core.nvme_subsystems_lock);
    let at = yield* list_first_entry_or_null(core.nvme_subsystems);
    for (; at !== null && error === 0; at = yield* list_next_or_null(core.nvme_subsystems, at.entry)) {
      if (at === own) continue;
      yield* mutex_lock(at.lock);
      error = yield* nvme_subsys_check_duplicate_ids(at, ids);
      yield* mutex_unlock(at.lock);
    }
    yield* mutex_unlock(core.nvme_subsystems_lock);
    return error;
  },
);

/**
 * A namespace whose identifier another subsystem has, too: one that several controllers reach is refused, another is
 * used without its identifiers. (That the controller's later answers are not believed any more is left out.)
 * First part of nvme_init_ns_head(), all versions. Context: may sleep, no lock held.
 * @returns the namespace as it is to be used, or -EINVAL
 */
export function* check_global_ids(ctrl: nvme_ctrl, info: nvme_ns_info): Steps<nvme_ns_info | number> {
  if (!hasIdentifier(info.ids)) return info;
  const subsys = subsystem_of(ctrl);
  const error = yield* nvme_global_check_duplicate_ids(subsys, info.ids);
  if (error === 0) return info;
  const nsid = String(info.nsid);
  if (ctrl.opts !== null || ((subsys.cmic & NVME_CTRL_CMIC_MULTI_CTRL) !== 0 && info.is_shared)) {
    dev_err(ctrl.device, `ignoring nsid ${nsid} because of duplicate IDs`);
    return error;
  }
  dev_err(ctrl.device, `clearing duplicate IDs for nsid ${nsid}`);
  dev_err(ctrl.device, 'use of /dev/disk/by-id/ may cause data corruption');
  return { ...info, ids: { ...noIds, csi: info.ids.csi } };
}
