// SPDX-License-Identifier: GPL-2.0-only
import {
  BLK_STS_DEV_RESOURCE,
  BLK_STS_OK,
  BLK_STS_RESOURCE,
  blk_queue_get,
  kfn,
  type bio,
  type Steps,
} from '@libmultipath/driver-kit';
import { scsi_mq_get_budget, take_request } from './budget.js';
import { blk_mq_end_request } from './io-completion.js';
import { blk_mq_delay_run_hw_queues, blk_mq_insert_request, take_requeued } from './mq-lists.js';
import { scsi_queue_rq } from './queue-rq.js';
import { with_rcu } from './rcu.js';
import { scsi_cmnd } from './scsi-cmnd.js';
import type { scsi_device } from './scsi-device.js';
import type { scsi_queue } from './scsi-queue.js';

/** Milliseconds before a request that found no resources is tried again. */
const BLK_MQ_RESOURCE_DELAY = 3;

/** As long as the device takes it. Context: an RCU section. */
function* dispatch(q: scsi_queue): Steps<void> {
  // Each round takes a request off the queue for good, or is the last one.
  for (;;) {
    const cmd = yield* take_request(q);
    if (cmd === 'nothing') return;
    if (cmd === 'no budget') {
      yield* scsi_mq_get_budget(q.queuedata);
      return;
    }
    const status = yield* scsi_queue_rq(cmd);
    if (status === BLK_STS_RESOURCE || status === BLK_STS_DEV_RESOURCE) {
      yield* blk_mq_insert_request(q, cmd, true);
      // With DEV_RESOURCE somebody else runs the queue: a completion, or whoever unblocks the device.
      if (status === BLK_STS_RESOURCE) yield* blk_mq_delay_run_hw_queues(q, BLK_MQ_RESOURCE_DELAY);
      return;
    }
    if (status !== BLK_STS_OK) yield* blk_mq_end_request(cmd, status);
  }
}

/**
 * Dispatches what waits, in order, inside an RCU section: who quiesces the queue waits for that.
 * Kernel: blk_mq_run_hw_queue() with blk_mq_dispatch_rq_list(), all versions. Context: may not sleep.
 */
export const blk_mq_run_hw_queue = kfn('blk_mq_run_hw_queue', (q: scsi_queue): Steps<void> =>
  with_rcu(() => dispatch(q)),
);

/** Kernel: blk_mq_run_work_fn(). */
export const blk_mq_run_work = (q: scsi_queue): Steps<void> => blk_mq_run_hw_queue(q);

/** Requests that were given back go before all others. Kernel: blk_mq_requeue_work(). */
export function* blk_mq_requeue_work(q: scsi_queue): Steps<void> {
  const requests = yield* take_requeued(q);
  for (const cmd of requests.toReversed()) yield* blk_mq_insert_request(q, cmd, true);
  yield* blk_mq_run_hw_queue(q);
}

/** A bio on the device's disk becomes a request. Kernel: blk_mq_submit_bio(). Context: inside the queue. */
export function* blk_mq_submit_bio(sdev: scsi_device, what: bio): Steps<void> {
  const q = sdev.request_queue;
  sdev.core.trace_block_getrq(sdev, what);
  const cmd = new scsi_cmnd(sdev, what, null);
  yield* blk_queue_get(q);
  yield* blk_mq_insert_request(q, cmd, false);
  yield* blk_mq_run_hw_queue(q);
}
