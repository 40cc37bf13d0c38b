// SPDX-License-Identifier: GPL-2.0-only
import { atomic_inc, blk_queue_exit, kfn, type LibV3, type Steps } from '@libmultipath/driver-kit';
import { nvme_mpath_end_request } from '../environment/accounting.js';
import { head_of } from '../environment/nvme-ns.js';
import type { nvme_request } from '../environment/request.js';
import { steal_bio } from '../environment/steal-bio.js';
import { path_of } from './nvme-ns.js';

/**
 * The bio was sent down as it is (no `clone_bio`), so it is taken out of the failed request,
 * pointed back at the head and parked; the request then ends as one that succeeded.
 * Kernel: nvme_failover_req(), NVMe v3. Context: atomic.
 */
export const nvme_failover_req = kfn('nvme_failover_req', function* (lib: LibV3, rq: nvme_request): Steps<void> {
  const ns = path_of(rq.ns);
  const { mpath_head } = head_of(ns);
  yield* lib.mpath_clear_current_path(ns.mpath_device);
  yield* atomic_inc(ns.failover);
  yield* steal_bio(mpath_head, rq);
  rq.status = 0;
  yield* nvme_mpath_end_request(rq);
  yield* blk_queue_exit(ns.disk.queue);
  yield* lib.mpath_schedule_requeue_work(mpath_head);
});
