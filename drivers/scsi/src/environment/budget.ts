// SPDX-License-Identifier: GPL-2.0-only
import {
  atomic_dec_return,
  atomic_inc,
  atomic_read,
  atomic_set,
  kfn,
  makeStep,
  READ_ONCE,
  type Steps,
} from '@libmultipath/driver-kit';
import { isBlocked } from './device-states.js';
import { blk_mq_delay_run_hw_queues, blk_mq_run_hw_queues_async } from './mq-lists.js';
import type { scsi_device } from './scsi-device.js';

/** Milliseconds before a device without budget is tried again. */
const SCSI_QUEUE_DELAY = 3;
/** Kernel: SCSI_DEFAULT_DEVICE_BLOCKED: attempts that an idle device lets pass after it said busy. */
export const SCSI_DEFAULT_DEVICE_BLOCKED = 3;

/** One token, if there is one. @returns tokens in use then, or -1 */
function* get_token(sdev: scsi_device): Steps<number> {
  const step = makeStep('sbitmap_get', sdev, 'device_busy', 'update', { ordering: 'full' });
  yield step;
  const got = sdev.device_busy < sdev.queue_depth;
  if (got) sdev.device_busy++;
  step.value = got ? sdev.device_busy : -1;
  return got ? sdev.device_busy : -1;
}

/** Kernel: sbitmap_put() of the device's budget. */
export function* put_token(sdev: scsi_device): Steps<void> {
  yield makeStep('sbitmap_put', sdev, 'device_busy', 'update', { ordering: 'full' });
  sdev.device_busy--;
}

/** Kernel: scsi_dev_queue_ready(), all versions. */
const scsi_dev_queue_ready = kfn('scsi_dev_queue_ready', function* (sdev: scsi_device): Steps<boolean> {
  const busy = yield* get_token(sdev);
  if (busy === -1) return false;
  if ((yield* atomic_read(sdev.device_blocked)) === 0) return true;
  if (busy === 1 && (yield* atomic_dec_return(sdev.device_blocked)) <= 0) return true;
  yield* put_token(sdev);
  return false;
});

/**
 * A token of the device's queue depth. Without one the queue is run again later, by a completion or,
 * when nothing is in flight, by a timer.
 * Kernel: scsi_mq_get_budget(), all versions.
 */
export const scsi_mq_get_budget = kfn('scsi_mq_get_budget', function* (sdev: scsi_device): Steps<boolean> {
  if (yield* scsi_dev_queue_ready(sdev)) return true;
  yield* atomic_inc(sdev.restarts);
  const idle = (yield* READ_ONCE(sdev, 'device_busy')) === 0;
  if (idle && !isBlocked(yield* READ_ONCE(sdev, 'sdev_state'))) {
    yield* blk_mq_delay_run_hw_queues(sdev.request_queue, SCSI_QUEUE_DELAY);
  }
  return false;
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
