// SPDX-License-Identifier: GPL-2.0-only
import { BLK_STS_IOERR, kfn, READ_ONCE, test_bit, type Steps } from '@libmultipath/driver-kit';
import {
  NVME_CTRL_DEAD,
  NVME_CTRL_DELETING,
  NVME_CTRL_DELETING_NOIO,
  NVME_CTRL_FAILFAST_EXPIRED,
  NVME_SC_HOST_PATH_ERROR,
  NVME_SC_SUCCESS,
} from './constants.js';
import { blk_noretry_request } from './disposition.js';
import { end_request_with } from './end-request.js';
import { nvme_error_status } from './error-status.js';
import { blk_mq_put_tag, change_hw, nvme_submit_cmd } from './hardware.js';
import { nvme_log_error } from './log-error.js';
import type { nvme_request } from './request.js';
import { requeue_later, retry_delay_ms } from './retry-delay.js';

/** The test of nvme_fail_nonready_command(): is it better to fail the request at once than to keep it? */
function* fails_at_once(rq: nvme_request): Steps<boolean> {
  const { ctrl } = rq.ns;
  const state = yield* READ_ONCE(ctrl, 'state');
  if (state === NVME_CTRL_DELETING_NOIO || state === NVME_CTRL_DELETING || state === NVME_CTRL_DEAD) return true;
  if (yield* test_bit(NVME_CTRL_FAILFAST_EXPIRED, ctrl, 'flags')) return true;
  return blk_noretry_request(rq) || rq.isMpath;
}

/**
 * A request that comes while the controller is not there: a head's goes back to the head, another's waits.
 * (The block layer tries what waits again every 3 ms; here it does when what it waits for has changed.)
 * Kernel: nvme_fail_nonready_command(), all versions; else `BLK_STS_RESOURCE`. Context: the submitter's.
 */
const nvme_fail_nonready_command = kfn('nvme_fail_nonready_command', function* (rq: nvme_request): Steps<void> {
  if (yield* fails_at_once(rq)) {
    rq.status = NVME_SC_HOST_PATH_ERROR;
    yield* nvme_complete_rq(rq);
    return;
  }
  yield* change_hw('blk_mq_delay_run_hw_queues', rq.ns.ctrl.slot.hw, ({ held }) => held.push(rq));
});

/** Passthrough has its place counted by nobody. */
const put_tag = (rq: nvme_request): Steps<void> =>
  rq.command === null ? blk_mq_put_tag(rq.ns.ctrl.slot.hw) : nothing();

function* nothing(): Steps<void> {}

/**
 * A queue of a PCI function that is not enabled ends the request itself, with EIO: it never gets to the
 * disposition, so it does not fail over. One of fabrics asks nvme_fail_nonready_command().
 * Kernel: nvme_queue_rq(), nvme_tcp_queue_rq(), all versions.
 */
export function* dispatch(rq: nvme_request): Steps<void> {
  const { ctrl } = rq.ns;
  if ((yield* nvme_submit_cmd(ctrl.slot.hw, rq)) !== 'refused') return;
  if (ctrl.opts !== null) {
    yield* nvme_fail_nonready_command(rq);
    return;
  }
  // It was counted when it came, see nvme_queue_rq().
  if (rq.isMpath) yield* ctrl.core.mpath.end_request(rq);
  yield* end_request_with(rq, BLK_STS_IOERR);
  yield* put_tag(rq);
}

/**
 * The depth is counted down before the submitter is told, the queue is left after. Passthrough is quiet
 * unless an attribute asks for its errors.
 * Kernel: nvme_end_req() with blk_mq_end_request(), all versions. Context: atomic.
 */
const nvme_end_req = kfn('nvme_end_req', function* (rq: nvme_request): Steps<void> {
  const { core } = rq.ns.ctrl;
  if (rq.status !== NVME_SC_SUCCESS && rq.command === null) {
    nvme_log_error(rq);
    yield* core.parts.count_error(rq.ns);
  }
  if (rq.isMpath) yield* core.mpath.end_request(rq);
  yield* end_request_with(rq, nvme_error_status(rq.status));
});

/** The same path gets it again, when the time that the controller asks for is over. Kernel: nvme_retry_req(). */
const nvme_retry_req = kfn('nvme_retry_req', function* (rq: nvme_request): Steps<void> {
  rq.retries++;
  yield* rq.ns.ctrl.core.parts.count_retry(rq.ns);
  const delayMs = retry_delay_ms(rq);
  if (delayMs === 0) yield* dispatch(rq);
  else yield* requeue_later(rq, delayMs, dispatch);
});

/** Kernel: nvme_complete_rq(), all versions. Context: atomic. */
export const nvme_complete_rq = kfn('nvme_complete_rq', function* (rq: nvme_request): Steps<void> {
  const { core } = rq.ns.ctrl;
  switch (core.parts.decide_disposition(rq)) {
    case 'COMPLETE':
      yield* nvme_end_req(rq);
      yield* put_tag(rq);
      return;
    case 'FAILOVER':
      yield* core.mpath.failover_req(rq);
      yield* put_tag(rq);
      return;
    // The authentication itself is not modelled: the request is tried again behind it.
    case 'AUTHENTICATE':
    case 'RETRY':
      yield* nvme_retry_req(rq);
  }
});
