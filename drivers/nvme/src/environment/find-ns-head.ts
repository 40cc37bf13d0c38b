// SPDX-License-Identifier: GPL-2.0-only
import { kfn, list_first_entry_or_null, list_next_or_null, type Steps } from '@libmultipath/driver-kit';
import { nvme_is_unique_nsid } from './duplicate-ids.js';
import type { nvme_ctrl } from './nvme-ctrl.js';
import type { nvme_ns_head_base } from './nvme-ns-head-base.js';
import type { nvme_subsystem } from './nvme-subsystem.js';

function* find<H extends nvme_ns_head_base>(
  subsys: nvme_subsystem,
  nsid: number,
  headFrom: (head: nvme_ns_head_base) => H,
  take: (head: H) => Steps<boolean>,
  ctrl?: nvme_ctrl,
): Steps<H | null> {
  let at = yield* list_first_entry_or_null(subsys.nsheads);
  for (; at !== null; at = yield* list_next_or_null(subsys.nsheads, at.entry)) {
    const head = headFrom(at);
    if (head.ns_id !== nsid || (ctrl !== undefined && !nvme_is_unique_nsid(ctrl, head))) continue;
    if (yield* take(head)) return head;
  }
  return null;
}

/**
 * A private namespace may have the nsid of another: then a head of that nsid is not its own. Without a controller every
 * nsid counts as unique, as those of an emulated one are, which manages namespaces.
 * Kernel: nvme_find_ns_head(), all versions. Context: `subsys->lock` held.
 * References: that which `take` took on the head it found.
 */
export const nvme_find_ns_head = kfn('nvme_find_ns_head', find);
