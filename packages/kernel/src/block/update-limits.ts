// SPDX-License-Identifier: GPL-2.0-only
import { E } from '../errno/errno.js';
import { makeStep } from '../kfn.js';
import { mutex_lock, mutex_unlock } from '../locks/mutex.js';
import { checkLive } from '../memory/check.js';
import type { Steps } from '../step.js';
import { areValidLimits, queueLimits, type queue_limits } from './queue-limits.js';
import { blk_mq_freeze_queue, blk_mq_unfreeze_queue } from './queue.js';
import type { request_queue } from './request-queue.js';

/**
 * Takes the right to change the limits, until queue_limits_commit_update().
 * Kernel: queue_limits_start_update(). Context: may sleep. @returns the limits now
 */
export function* queue_limits_start_update(q: request_queue): Steps<queue_limits> {
  yield* mutex_lock(q.limits_lock);
  const step = makeStep('queue_limits_start_update', q, 'limits', 'read');
  yield step;
  checkLive(q);
  step.value = q.limits;
  return q.limits;
}

/**
 * Changes the limits. The step conflicts with entering the queue, too: a bio of a request
 * based disk reads the limits as it enters.
 * Kernel: queue_limits_commit_update(). @returns 0, or -EINVAL: no logical block fits
 */
export function* queue_limits_commit_update(q: request_queue, given: Partial<queue_limits>): Steps<number> {
  const limits = queueLimits(given);
  const valid = areValidLimits(limits);
  if (valid) {
    const step = makeStep('queue_limits_commit_update', q, 'limits', 'write', {
      also: [{ object: q, field: 'q_usage_counter', access: 'update' }],
    });
    yield step;
    checkLive(q);
    q.limits = limits;
    step.value = limits;
  }
  yield* mutex_unlock(q.limits_lock);
  return valid ? 0 : -E.EINVAL;
}

/** The same while nobody is inside the queue. Kernel: queue_limits_commit_update_frozen(). Context: may sleep. */
export function* queue_limits_commit_update_frozen(q: request_queue, given: Partial<queue_limits>): Steps<number> {
  yield* blk_mq_freeze_queue(q);
  const error = yield* queue_limits_commit_update(q, given);
  yield* blk_mq_unfreeze_queue(q);
  return error;
}
