// SPDX-License-Identifier: GPL-2.0-only
import {
  kblockd,
  makeStep,
  mod_delayed_work,
  msecs_to_jiffies,
  queue_delayed_work,
  type Step,
  type StepOptions,
  type Steps,
} from '@libmultipath/driver-kit';
import type { scsi_cmnd } from './scsi-cmnd.js';
import type { scsi_queue } from './scsi-queue.js';

const FULL: StepOptions = { ordering: 'full' };

const change = (op: string, q: scsi_queue, field: 'dispatch' | 'requeue_list' | 'quiesce_depth'): Step =>
  makeStep(op, q, field, 'update', FULL);

/** Kernel: blk_mq_insert_request(): at the tail, or in front of what waits. */
export function* blk_mq_insert_request(q: scsi_queue, cmd: scsi_cmnd, atHead: boolean): Steps<void> {
  yield change('blk_mq_insert_request', q, 'dispatch');
  if (atHead) q.dispatch.unshift(cmd);
  else q.dispatch.push(cmd);
}

/** Is there something that may be dispatched now? Kernel: blk_mq_hctx_has_pending() and the quiesced flag. */
export function* has_pending(q: scsi_queue): Steps<boolean> {
  const step = makeStep('blk_mq_hctx_has_pending', q, 'dispatch', 'read', {
    also: [{ object: q, field: 'quiesce_depth', access: 'read' }],
  });
  yield step;
  step.value = q.quiesce_depth === 0 && q.dispatch.length > 0;
  return step.value === true;
}

/** Kernel: blk_mq_run_hw_queues(q, true): kblockd runs it, where something is pending. Context: any. */
export function* blk_mq_run_hw_queues_async(q: scsi_queue): Steps<void> {
  if (!(yield* has_pending(q))) return;
  yield* mod_delayed_work(kblockd(), q.run_work, 0);
}

/** Kernel: blk_mq_delay_run_hw_queues(). Context: any. A run that is due earlier stays. */
export function* blk_mq_delay_run_hw_queues(q: scsi_queue, ms: number): Steps<void> {
  yield* queue_delayed_work(kblockd(), q.run_work, msecs_to_jiffies(ms));
}

/** Kernel: blk_mq_requeue_request(), without the kick. Context: any. */
export function* blk_mq_requeue_request(q: scsi_queue, cmd: scsi_cmnd): Steps<void> {
  yield change('blk_mq_requeue_request', q, 'requeue_list');
  q.requeue_list.push(cmd);
}

/** Kernel: blk_mq_delay_kick_requeue_list(); without a delay blk_mq_kick_requeue_list(). Context: any. */
export function* blk_mq_kick_requeue_list(q: scsi_queue, ms = 0): Steps<void> {
  yield* mod_delayed_work(kblockd(), q.requeue_work, msecs_to_jiffies(ms));
}

/** Takes everything off the requeue list. */
export function* take_requeued(q: scsi_queue): Steps<readonly scsi_cmnd[]> {
  yield change('splice_requeue_list', q, 'requeue_list');
  return q.requeue_list.splice(0);
}

/** Kernel: blk_mq_quiesce_queue_nowait(). */
export function* blk_mq_quiesce_queue_nowait(q: scsi_queue): Steps<void> {
  yield change('blk_mq_quiesce_queue_nowait', q, 'quiesce_depth');
  q.quiesce_depth++;
}

/** Kernel: blk_mq_unquiesce_queue(): what waited is dispatched. */
export function* blk_mq_unquiesce_queue(q: scsi_queue): Steps<void> {
  yield change('blk_mq_unquiesce_queue', q, 'quiesce_depth');
  q.quiesce_depth--;
  yield* blk_mq_run_hw_queues_async(q);
}
