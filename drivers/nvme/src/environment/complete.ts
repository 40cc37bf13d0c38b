// SPDX-License-Identifier: GPL-2.0-only
import {
  bio_endio,
  BLK_STS_IOERR,
  BLK_STS_OK,
  BLK_STS_TRANSPORT,
  blk_queue_exit,
  kfn,
  REQ_FAILFAST_TRANSPORT,
  type blk_status_t,
  type Steps,
} from '@libmultipath/driver-kit';
import {
  NVME_SC_HOST_PATH_ERROR,
  NVME_SC_SUCCESS,
  NVME_SCT_SC_MASK,
  NVME_STATUS_DNR,
  nvme_max_retries,
} from './constants.js';
import { nvme_submit_cmd } from './hardware.js';
import type { nvme_request } from './request.js';

export type Disposition = 'COMPLETE' | 'RETRY' | 'FAILOVER';

/** Kernel: nvme_is_path_error(): status code type 3. */
export const nvme_is_path_error = (status: number): boolean => (status & 0x700) === 0x300;

/** Kernel: nvme_decide_disposition(), all versions, for a target without authentication. Pure. */
export const nvme_decide_disposition = (rq: nvme_request): Disposition => {
  if (rq.status === NVME_SC_SUCCESS) return 'COMPLETE';
  const noRetry = (rq.bio.bi_opf & REQ_FAILFAST_TRANSPORT) !== 0;
  if (noRetry || (rq.status & NVME_STATUS_DNR) !== 0 || rq.retries >= nvme_max_retries) return 'COMPLETE';
  const { dying } = rq.ns.disk.queue;
  if (rq.isMpath) {
    if (nvme_is_path_error(rq.status) || dying) return 'FAILOVER';
  } else if (dying) {
    return 'COMPLETE';
  }
  return 'RETRY';
};

/** Kernel: nvme_error_status(), all versions, as far as path errors go; others of the model are EIO. Pure. */
export const nvme_error_status = (status: number): blk_status_t => {
  if (status === NVME_SC_SUCCESS) return BLK_STS_OK;
  return (status & NVME_SCT_SC_MASK) === NVME_SC_HOST_PATH_ERROR ? BLK_STS_TRANSPORT : BLK_STS_IOERR;
};

/**
 * The depth is counted down before the submitter is told, the queue is left after.
 * Kernel: nvme_end_req() with blk_mq_end_request(), all versions. Context: atomic.
 */
const nvme_end_req = kfn('nvme_end_req', function* (rq: nvme_request): Steps<void> {
  const { queue } = rq.ns.disk;
  rq.bio.bi_status = nvme_error_status(rq.status);
  if (rq.isMpath) yield* rq.ns.ctrl.core.mpath.end_request(rq);
  yield* bio_endio(rq.bio);
  yield* blk_queue_exit(queue);
});

/** Kernel: nvme_complete_rq(), all versions. Context: atomic. */
export const nvme_complete_rq = kfn('nvme_complete_rq', function* (rq: nvme_request): Steps<void> {
  switch (nvme_decide_disposition(rq)) {
    case 'COMPLETE':
      yield* nvme_end_req(rq);
      return;
    case 'FAILOVER':
      yield* rq.ns.ctrl.core.mpath.failover_req(rq);
      return;
    case 'RETRY':
      rq.retries++;
      yield* nvme_submit_cmd(rq.ns.ctrl.slot.hw, rq);
  }
});
