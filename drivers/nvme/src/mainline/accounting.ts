// SPDX-License-Identifier: GPL-2.0-only
import { atomic_dec_if_positive, atomic_inc, kfn, READ_ONCE, type Steps } from '@libmultipath/driver-kit';
import { NVME_IOPOLICY_QD, NVME_MPATH_CNT_ACTIVE } from '../environment/constants.js';
import type { nvme_request } from '../environment/request.js';
import { head_of, path_of } from './nvme-ns.js';

/** Nothing is counted before 6.11. */
export function* count_no_requests(): Steps<void> {}

/** Counts the request while the policy is queue-depth. Kernel: nvme_mpath_start_request(), 6.11 to 7.3. */
export const start_request_6_11 = kfn('nvme_mpath_start_request', function* (rq: nvme_request): Steps<void> {
  const { subsys } = head_of(path_of(rq.ns));
  if ((yield* READ_ONCE(subsys, 'iopolicy')) !== NVME_IOPOLICY_QD) return;
  if ((rq.flags & NVME_MPATH_CNT_ACTIVE) !== 0) return;
  yield* atomic_inc(rq.ns.ctrl.nr_active);
  rq.flags |= NVME_MPATH_CNT_ACTIVE;
});

/** What was counted is counted down, whatever the policy is by now. Kernel: nvme_mpath_end_request(), 6.11 to 7.3. */
export const end_request_6_11 = kfn('nvme_mpath_end_request', function* (rq: nvme_request): Steps<void> {
  if ((rq.flags & NVME_MPATH_CNT_ACTIVE) !== 0) yield* atomic_dec_if_positive(rq.ns.ctrl.nr_active);
});
