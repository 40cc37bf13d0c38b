// SPDX-License-Identifier: GPL-2.0-only
import { kfn, type Steps } from '@libmultipath/driver-kit';
import { dispatch, nvme_complete_rq } from './complete.js';
import { NVME_REQ_CANCELLED, NVME_SC_HOST_ABORTED_CMD } from './constants.js';
import { change_hw } from './hardware.js';
import type { nvme_ctrl } from './nvme-ctrl.js';

/** From here on the block layer keeps requests back. Kernel: nvme_quiesce_io_queues(), all versions. */
export const nvme_quiesce_io_queues = kfn('nvme_quiesce_io_queues', function* (ctrl: nvme_ctrl): Steps<void> {
  yield* change_hw('blk_mq_quiesce_tagset', ctrl.slot.hw, (hw) => {
    hw.quiesced = true;
  });
});

/** What was kept back is tried, in the order of coming. Kernel: blk_mq_run_hw_queues(). Context: may sleep. */
export function* run_held(ctrl: nvme_ctrl): Steps<void> {
  const waiting = yield* change_hw('blk_mq_run_hw_queues', ctrl.slot.hw, ({ held, quiesced }) =>
    quiesced ? [] : held.splice(0),
  );
  for (const rq of waiting) yield* dispatch(rq);
}

/** Kernel: nvme_unquiesce_io_queues(), all versions; nothing where they are not quiesced. Context: may sleep. */
export const nvme_unquiesce_io_queues = kfn('nvme_unquiesce_io_queues', function* (ctrl: nvme_ctrl): Steps<void> {
  const waiting = yield* change_hw('blk_mq_unquiesce_tagset', ctrl.slot.hw, (hw) => {
    hw.quiesced = false;
    return hw.held.splice(0);
  });
  for (const rq of waiting) yield* dispatch(rq);
});

/**
 * Every request in flight ends as one that the host aborted: a head's fails over. What the block layer keeps
 * back was never started, so it is left alone; in 6.1 too, whose iteration passes over what was not started.
 * Kernel: nvme_cancel_tagset() with nvme_cancel_request(), all versions. Context: may sleep.
 */
export const nvme_cancel_tagset = kfn('nvme_cancel_tagset', function* (ctrl: nvme_ctrl): Steps<void> {
  const inFlight = yield* change_hw('blk_mq_tagset_busy_iter', ctrl.slot.hw, ({ sq }) => sq.splice(0));
  for (const rq of inFlight) {
    rq.status = NVME_SC_HOST_ABORTED_CMD;
    rq.flags |= NVME_REQ_CANCELLED;
    yield* nvme_complete_rq(rq);
  }
});
