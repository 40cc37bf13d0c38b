// SPDX-License-Identifier: GPL-2.0-only
import { kfn, type LibV3, type Steps } from '@libmultipath/driver-kit';
import { count_request } from '../environment/accounting.js';
import { head_of } from '../environment/nvme-ns.js';
import type { nvme_request } from '../environment/request.js';
import { path_of } from './nvme-ns.js';
import { mpath_iopolicy_of } from './policy.js';

/**
 * Counts the request while the policy is queue-depth; the library reads the counter through
 * `mpath_device.nr_active`. Kernel: nvme_mpath_start_request(), NVMe v3. Context: any.
 */
export const nvme_mpath_start_request = kfn(
  'nvme_mpath_start_request',
  function* (lib: LibV3, rq: nvme_request): Steps<void> {
    const { subsys } = head_of(path_of(rq.ns));
    if (yield* lib.mpath_qd_iopolicy(mpath_iopolicy_of(subsys))) yield* count_request(rq);
  },
);
