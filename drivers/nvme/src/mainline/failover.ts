// SPDX-License-Identifier: GPL-2.0-only
import {
  atomic_inc,
  blk_queue_exit,
  kblockd_schedule_work,
  kfn,
  REQ_NOWAIT,
  REQ_POLLED,
  type Steps,
} from '@libmultipath/driver-kit';
import { note_ana_error } from '../environment/ana.js';
import { head_of } from '../environment/nvme-ns.js';
import type { nvme_request } from '../environment/request.js';
import { steal_bio } from '../environment/steal-bio.js';
import { nvme_mpath_clear_current_path } from './current-path.js';
import { path_of } from './nvme-ns.js';

/** Kernel: nvme_failover_req(), 6.1. Context: atomic. */
export const failover_req_6_1 = kfn('nvme_failover_req', function* (rq: nvme_request): Steps<void> {
  const ns = path_of(rq.ns);
  const head = head_of(ns);
  yield* nvme_mpath_clear_current_path(ns);
  yield* note_ana_error(rq);
  yield* steal_bio(head, rq, head.parts.cleared_when_stolen);
  yield* blk_queue_exit(ns.disk.queue);
  yield* kblockd_schedule_work(head.requeue_work);
});

/**
 * Ends the request as one that succeeded, so that what was counted at its start is counted down.
 * Kernel: nvme_failover_req(), 6.10 (a2e4c5f5f68d) to 6.12. Context: atomic.
 */
export const failover_req_6_10 = kfn('nvme_failover_req', function* (rq: nvme_request): Steps<void> {
  const ns = path_of(rq.ns);
  const head = head_of(ns);
  yield* nvme_mpath_clear_current_path(ns);
  yield* note_ana_error(rq);
  yield* steal_bio(head, rq, head.parts.cleared_when_stolen);
  rq.status = 0;
  yield* head.parts.end_request(rq);
  yield* blk_queue_exit(ns.disk.queue);
  yield* kblockd_schedule_work(head.requeue_work);
});

/** Also counts, and ends the request as one that succeeded. Kernel: nvme_failover_req(), 7.2 and 7.3. Context: atomic. */
export const failover_req_7_2 = kfn('nvme_failover_req', function* (rq: nvme_request): Steps<void> {
  const ns = path_of(rq.ns);
  const head = head_of(ns);
  yield* nvme_mpath_clear_current_path(ns);
  yield* atomic_inc(ns.failover);
  yield* note_ana_error(rq);
  yield* steal_bio(head, rq, head.parts.cleared_when_stolen);
  rq.status = 0;
  yield* head.parts.end_request(rq);
  yield* blk_queue_exit(ns.disk.queue);
  yield* kblockd_schedule_work(head.requeue_work);
});

/** Flags that a bio loses on its way back: nobody polls for it any more. Part of nvme_failover_req(), 6.1. */
export const cleared_when_stolen_6_1 = REQ_POLLED;

/** The requeue work may wait. Part of nvme_failover_req(), 6.12; of blk_steal_bios(), 7.2 and 7.3. */
export const cleared_when_stolen_6_12 = REQ_POLLED | REQ_NOWAIT;
