// SPDX-License-Identifier: GPL-2.0-only
import {
  atomic_inc,
  bio_list_add,
  blk_queue_exit,
  kfn,
  spin_lock_irqsave,
  spin_unlock_irqrestore,
  type LibV3,
  type Steps,
} from '@libmultipath/driver-kit';
import { bio_set_dev } from '../environment/bio-set-dev.js';
import type { nvme_request } from '../environment/request.js';
import { nvme_mpath_end_request } from './accounting.js';
import { head_of, path_of } from './nvme-ns.js';

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
  yield* spin_lock_irqsave(mpath_head.requeue_lock);
  if (mpath_head.disk !== null) bio_set_dev(rq.bio, mpath_head.disk.part0);
  yield* bio_list_add(mpath_head.requeue_list, rq.bio);
  yield* spin_unlock_irqrestore(mpath_head.requeue_lock);
  rq.status = 0;
  yield* nvme_mpath_end_request(rq);
  yield* blk_queue_exit(ns.disk.queue);
  yield* lib.mpath_schedule_requeue_work(mpath_head);
});
