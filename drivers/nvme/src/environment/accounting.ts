// SPDX-License-Identifier: GPL-2.0-only
import { atomic_dec_if_positive, atomic_inc, kfn, type Steps } from '@libmultipath/driver-kit';
import { NVME_MPATH_CNT_ACTIVE } from './constants.js';
import type { nvme_request } from './request.js';

/** Counts the request at its controller, once. Part of nvme_mpath_start_request(), since 6.11. */
export function* count_request(rq: nvme_request): Steps<void> {
  if ((rq.flags & NVME_MPATH_CNT_ACTIVE) !== 0) return;
  yield* atomic_inc(rq.ns.ctrl.nr_active);
  rq.flags |= NVME_MPATH_CNT_ACTIVE;
}

/** What was counted is counted down, whatever the policy is by now. Kernel: nvme_mpath_end_request(), since 6.11. */
export const nvme_mpath_end_request = kfn('nvme_mpath_end_request', function* (rq: nvme_request): Steps<void> {
  if ((rq.flags & NVME_MPATH_CNT_ACTIVE) !== 0) yield* atomic_dec_if_positive(rq.ns.ctrl.nr_active);
});
