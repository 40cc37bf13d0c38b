// SPDX-License-Identifier: GPL-2.0-only
import { kfn, READ_ONCE, type Steps } from '@libmultipath/driver-kit';
import { account_start, count_request } from '../environment/accounting.js';
import { NVME_IOPOLICY_QD } from '../environment/constants.js';
import { head_of } from '../environment/nvme-ns.js';
import type { nvme_request } from '../environment/request.js';
import { path_of } from './nvme-ns.js';

/** Nothing is counted before 6.4. */
export function* count_no_requests(): Steps<void> {}

/** The head's own statistics. Kernel: nvme_mpath_start_request(), 6.4 to 6.10. */
export const start_request_6_4 = kfn('nvme_mpath_start_request', function* (rq: nvme_request): Steps<void> {
  account_start(rq, head_of(path_of(rq.ns)).disk);
});

/** Counts the request while the policy is queue-depth. Kernel: nvme_mpath_start_request(), 6.11 to 7.3. */
export const start_request_6_11 = kfn('nvme_mpath_start_request', function* (rq: nvme_request): Steps<void> {
  const { subsys, disk } = head_of(path_of(rq.ns));
  if ((yield* READ_ONCE(subsys, 'iopolicy')) === NVME_IOPOLICY_QD) yield* count_request(rq);
  account_start(rq, disk);
});
