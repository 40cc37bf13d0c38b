// SPDX-License-Identifier: GPL-2.0-only
import {
  atomic_inc,
  bio_list_add,
  blk_queue_exit,
  kblockd_schedule_work,
  kfn,
  spin_lock_irqsave,
  spin_unlock_irqrestore,
  type Steps,
} from '@libmultipath/driver-kit';
import { bio_set_dev } from '../environment/bio-set-dev.js';
import type { nvme_request } from '../environment/request.js';
import { nvme_mpath_clear_current_path } from './current-path.js';
import { head_of, path_of } from './nvme-ns.js';
import type { nvme_ns_head } from './nvme-ns-head.js';

/** The request's bio goes back to the head and waits there. */
function* steal_bio(head: nvme_ns_head, rq: nvme_request): Steps<void> {
  yield* spin_lock_irqsave(head.requeue_lock);
  if (head.disk !== null) bio_set_dev(rq.bio, head.disk.part0);
  yield* bio_list_add(head.requeue_list, rq.bio);
  yield* spin_unlock_irqrestore(head.requeue_lock);
}

/** Kernel: nvme_failover_req(), 6.1. Context: atomic. */
export const failover_req_6_1 = kfn('nvme_failover_req', function* (rq: nvme_request): Steps<void> {
  const ns = path_of(rq.ns);
  const head = head_of(ns);
  yield* nvme_mpath_clear_current_path(ns);
  yield* steal_bio(head, rq);
  yield* blk_queue_exit(ns.disk.queue);
  yield* kblockd_schedule_work(head.requeue_work);
});

/** Also counts, and ends the request as one that succeeded. Kernel: nvme_failover_req(), 7.2 and 7.3. Context: atomic. */
export const failover_req_7_2 = kfn('nvme_failover_req', function* (rq: nvme_request): Steps<void> {
  const ns = path_of(rq.ns);
  const head = head_of(ns);
  yield* nvme_mpath_clear_current_path(ns);
  yield* atomic_inc(ns.failover);
  yield* steal_bio(head, rq);
  rq.status = 0;
  yield* head.parts.end_request(rq);
  yield* blk_queue_exit(ns.disk.queue);
  yield* kblockd_schedule_work(head.requeue_work);
});
