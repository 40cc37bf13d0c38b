// SPDX-License-Identifier: GPL-2.0-only
import { bio_endio, blk_queue_exit, type blk_status_t, type Steps } from '@libmultipath/driver-kit';
import type { nvme_request } from './request.js';

/** Tells who waits, then leaves the queue. Kernel: blk_mq_end_request(). Context: atomic. */
export function* end_request_with(rq: nvme_request, status: blk_status_t): Steps<void> {
  const { queue } = rq.ns.disk;
  rq.bio.bi_status = status;
  if (rq.command === null) yield* bio_endio(rq.bio);
  else yield* rq.command.ended(rq);
  yield* blk_queue_exit(queue);
}
