// SPDX-License-Identifier: GPL-2.0-only
import {
  blk_freeze_queue_start,
  blk_mq_freeze_queue_wait,
  blk_mq_unfreeze_queue,
  clear_bit,
  HZ,
  jiffies,
  kfn,
  KObject,
  makeStep,
  mod_timer,
  set_bit,
  timer_delete_sync,
  timer_list,
  WRITE_ONCE,
  type request_queue,
  type Steps,
} from '@libmultipath/driver-kit';
import { NVME_CTRL_FROZEN } from './constants.js';
import { for_each_ns } from './for-each-ns.js';
import type { nvme_ctrl } from './nvme-ctrl.js';

/** Module parameter `io_timeout`. */
const NVME_IO_TIMEOUT_SECS = 30;

/** Nobody enters the paths' queues from here on. Kernel: nvme_start_freeze(), all versions. Context: may sleep. */
export const nvme_start_freeze = kfn('nvme_start_freeze', function* (ctrl: nvme_ctrl): Steps<void> {
  yield* set_bit(NVME_CTRL_FROZEN, ctrl, 'flags');
  yield* for_each_ns(ctrl, (ns) => blk_freeze_queue_start(ns.disk.queue));
});

/** Kernel: nvme_unfreeze(), all versions. Context: may sleep. */
export const nvme_unfreeze = kfn('nvme_unfreeze', function* (ctrl: nvme_ctrl): Steps<void> {
  yield* for_each_ns(ctrl, (ns) => blk_mq_unfreeze_queue(ns.disk.queue));
  yield* clear_bit(NVME_CTRL_FROZEN, ctrl, 'flags');
});

/** Until everything that is in the paths' queues has ended. Kernel: nvme_wait_freeze(), all versions. Context: may sleep. */
export const nvme_wait_freeze = kfn('nvme_wait_freeze', function* (ctrl: nvme_ctrl): Steps<void> {
  yield* for_each_ns(ctrl, (ns) => blk_mq_freeze_queue_wait(ns.disk.queue));
});

/** How long one waits for queues to drain, on the stack of who waits. */
class freeze_timeout extends KObject {
  expired = false;
  readonly timer = new timer_list(this, () => WRITE_ONCE(this, 'expired', true), 'blk_mq_freeze_queue_wait_timeout');
}

function* drained(queue: request_queue, timeout: freeze_timeout): Steps<boolean> {
  yield makeStep('blk_mq_freeze_queue_wait_timeout', queue, 'q_usage_counter', 'update', {
    ordering: 'full',
    enabled: () => queue.usage === 0 || timeout.expired,
    also: [{ object: timeout, field: 'expired', access: 'read' }],
  });
  return queue.usage === 0;
}

/**
 * As {@link nvme_wait_freeze}, for the time of an I/O at most.
 * Kernel: nvme_wait_freeze_timeout(), all versions. Context: may sleep.
 * @returns false when the time passed
 */
export const nvme_wait_freeze_timeout = kfn('nvme_wait_freeze_timeout', function* (ctrl: nvme_ctrl): Steps<boolean> {
  const timeout = new freeze_timeout();
  yield* mod_timer(timeout.timer, NVME_IO_TIMEOUT_SECS * HZ + (yield* jiffies()));
  let isEmpty = true;
  yield* for_each_ns(ctrl, function* (ns) {
    if (isEmpty) isEmpty = yield* drained(ns.disk.queue, timeout);
  });
  yield* timer_delete_sync(timeout.timer);
  return isEmpty;
});
