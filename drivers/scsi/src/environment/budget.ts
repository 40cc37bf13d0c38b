// SPDX-License-Identifier: GPL-2.0-only
import {
  atomic_inc,
  atomic_read,
  atomic_set,
  kfn,
  makeStep,
  READ_ONCE,
  type Access,
  type Steps,
  type Touch,
} from '@libmultipath/driver-kit';
import { isBlocked } from './device-states.js';
import { blk_mq_delay_run_hw_queues, blk_mq_run_hw_queues_async } from './mq-lists.js';
import type { scsi_cmnd } from './scsi-cmnd.js';
import type { scsi_device } from './scsi-device.js';
import type { scsi_queue } from './scsi-queue.js';

/** Milliseconds before a device without budget is tried again. */
const SCSI_QUEUE_DELAY = 3;
/** Kernel: SCSI_DEFAULT_DEVICE_BLOCKED: attempts that an idle device lets pass after it said busy. */
export const SCSI_DEFAULT_DEVICE_BLOCKED = 3;

/** Kernel: sbitmap_put() of the device's budget. */
export function* put_token(sdev: scsi_device): Steps<void> {
  const amounts = (): Access => (sdev.device_busy < sdev.queue_depth ? 'leave' : 'update');
  const also = [{ object: sdev, field: 'queue_depth', access: 'read' } as const];
  const step = makeStep('sbitmap_put', sdev, 'device_busy', 'update', { ordering: 'full', amounts, also });
  yield step;
  sdev.device_busy--;
}

/** What a run of the queue comes to: a request that has a token, nothing, or something that gets no token now. */
export type Taken = scsi_cmnd | 'nothing' | 'no budget';

/**
 * Takes the first request and a token of the device's queue depth for it. A device that said busy lets an attempt
 * pass for each that finds it idle. One step where the kernel has several: there a run that finds nothing has taken
 * a token, gives it back and has the queue run again after 3 ms (BLK_MQ_BUDGET_DELAY).
 * Kernel: blk_mq_hctx_has_pending(), scsi_dev_queue_ready(), all versions.
 */
export function* take_request(q: scsi_queue): Steps<Taken> {
  const sdev = q.queuedata;
  const { device_blocked } = sdev;
  const token = (): Access =>
    device_blocked.counter === 0 && sdev.device_busy + 1 < sdev.queue_depth ? 'add' : 'update';
  const step = makeStep('blk_mq_dequeue', q, 'dispatch', 'update', {
    ordering: 'full',
    amounts: () => (q.dispatch.length === 0 ? 'read' : 'update'),
    also: () => [
      { object: q, field: 'quiesce_depth', access: 'read' },
      ...(q.dispatch.length === 0 ? [] : touchesOfToken(sdev, token())),
    ],
  });
  yield step;
  const taken = q.quiesce_depth > 0 ? 'nothing' : takeNow(q);
  step.value = typeof taken === 'string' ? taken : 'request';
  return taken;
}

const touchesOfToken = (sdev: scsi_device, token: Access): readonly Touch[] => [
  { object: sdev, field: 'device_busy', access: token },
  { object: sdev, field: 'queue_depth', access: 'read' },
  { object: sdev.device_blocked, field: 'counter', access: sdev.device_blocked.counter === 0 ? 'read' : 'update' },
];

/** Inside the step. */
const takeNow = ({ queuedata: sdev, dispatch }: scsi_queue): Taken => {
  const [first] = dispatch;
  if (first === undefined) return 'nothing';
  if (sdev.device_busy >= sdev.queue_depth) return 'no budget';
  const { device_blocked } = sdev;
  if (device_blocked.counter > 0 && (sdev.device_busy > 0 || --device_blocked.counter > 0)) return 'no budget';
  dispatch.shift();
  sdev.device_busy++;
  return first;
};

/**
 * Without a token the queue is run again later, by a completion or, when nothing is in flight, by a timer.
 * Kernel: scsi_mq_get_budget(), all versions, where it fails.
 */
export const scsi_mq_get_budget = kfn('scsi_mq_get_budget', function* (sdev: scsi_device): Steps<void> {
  yield* atomic_inc(sdev.restarts);
  const idle = (yield* READ_ONCE(sdev, 'device_busy')) === 0;
  if (idle && !isBlocked(yield* READ_ONCE(sdev, 'sdev_state'))) {
    yield* blk_mq_delay_run_hw_queues(sdev.request_queue, SCSI_QUEUE_DELAY);
  }
});

/** Kernel: scsi_run_queue_async(), all versions: for whoever found no budget. Context: any. */
export const scsi_run_queue_async = kfn('scsi_run_queue_async', function* (sdev: scsi_device): Steps<void> {
  if ((yield* atomic_read(sdev.restarts)) === 0) return;
  yield* atomic_set(sdev.restarts, 0);
  yield* blk_mq_run_hw_queues_async(sdev.request_queue);
});

/** The device said that it is busy, or a retry is to wait. Kernel: scsi_set_blocked(), of the device. */
export const set_device_blocked = (sdev: scsi_device): Steps<void> =>
  atomic_set(sdev.device_blocked, SCSI_DEFAULT_DEVICE_BLOCKED);
