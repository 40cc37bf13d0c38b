// SPDX-License-Identifier: GPL-2.0-only
import { atomic_dec_if_positive, atomic_inc, kfn, type LibV3, type Steps } from '@libmultipath/driver-kit';
import { NVME_MPATH_CNT_ACTIVE } from '../environment/constants.js';
import type { nvme_request } from '../environment/request.js';
import { head_of, path_of } from './nvme-ns.js';
import { mpath_iopolicy_of } from './policy.js';

/**
 * Counts the request while the policy is queue-depth; the library reads the counter through
 * `mpath_device.nr_active`. Kernel: nvme_mpath_start_request(), NVMe v3. Context: any.
 */
export const nvme_mpath_start_request = kfn(
  'nvme_mpath_start_request',
  function* (lib: LibV3, rq: nvme_request): Steps<void> {
    const { subsys } = head_of(path_of(rq.ns));
    if (!(yield* lib.mpath_qd_iopolicy(mpath_iopolicy_of(subsys))) || (rq.flags & NVME_MPATH_CNT_ACTIVE) !== 0) return;
    yield* atomic_inc(rq.ns.ctrl.nr_active);
    rq.flags |= NVME_MPATH_CNT_ACTIVE;
  },
);

/** What was counted is counted down, whatever the policy is by now. Kernel: nvme_mpath_end_request(), NVMe v3. */
export const nvme_mpath_end_request = kfn('nvme_mpath_end_request', function* (rq: nvme_request): Steps<void> {
  if ((rq.flags & NVME_MPATH_CNT_ACTIVE) !== 0) yield* atomic_dec_if_positive(rq.ns.ctrl.nr_active);
});
