// SPDX-License-Identifier: GPL-2.0-only
import { kfn, type Steps } from '@libmultipath/driver-kit';
import { account_start, count_request } from '../environment/accounting.js';
import { head_of } from '../environment/nvme-ns.js';
import type { nvme_request } from '../environment/request.js';
import type { NvmeConversion } from './library.js';
import { path_of } from './nvme-ns.js';
import { mpath_iopolicy_of } from './policy.js';

/**
 * Counts the request at its controller while the policy is queue-depth. v3 reads that counter through
 * `mpath_device.nr_active`, v2 by a callback; v1 has a counter of its own, which nobody counts up.
 * Kernel: nvme_mpath_start_request(), NVMe v1 to v3. Context: any.
 */
export const nvme_mpath_start_request = kfn(
  'nvme_mpath_start_request',
  function* (nvme: NvmeConversion, rq: nvme_request): Steps<void> {
    const head = head_of(path_of(rq.ns));
    if (yield* nvme.qd_iopolicy(mpath_iopolicy_of(head.subsys))) yield* count_request(rq);
    account_start(rq, nvme.disk_of(head));
  },
);
