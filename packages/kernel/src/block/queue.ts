// SPDX-License-Identifier: GPL-2.0-only
import { currentMachine } from '../current.js';
import { E } from '../errno/errno.js';
import { makeStep } from '../kfn.js';
import { checkLive } from '../memory/check.js';
import { might_sleep } from '../sched/might-sleep.js';
import { operation, type Primitive } from '../operation.js';
import { ACQUIRE, RELEASE, type Steps } from '../step.js';
import { REQ_NOWAIT, type bio } from './bio.js';
import type { request_queue } from './request-queue.js';

const FIELD = 'q_usage_counter';

const ENTER: Primitive<request_queue, bio, number> = {
  op: 'bio_queue_enter',
  access: 'add',
  traits: ACQUIRE,
  before: (step, q) => {
    if ((step.argument.bi_opf & REQ_NOWAIT) === 0) step.traits = q.enterTraits;
  },
  effect: (step, q) => {
    checkLive(q);
    let entered = 0;
    if (q.mq_freeze_depth === 0) q.usage++;
    else entered = q.dying ? -E.ENODEV : -E.EAGAIN;
    step.value = entered;
    return entered;
  },
};

/**
 * Enters the queue for the bio: waits while it is frozen, unless the disk is dead.
 * Entering and leaving commute with each other, not with a freeze.
 * Kernel: bio_queue_enter(), without the completion of a bio that does not get in.
 * @returns 0; -ENODEV or -EAGAIN
 */
export const bio_queue_enter = (q: request_queue, b: bio): Steps<number> => operation(ENTER, q, FIELD, b);

/** One more use by somebody who is inside already, e.g. for a request in flight. Kernel: percpu_ref_get(). */
export function* blk_queue_get(q: request_queue): Steps<void> {
  yield makeStep('blk_queue_get', q, FIELD, 'add', ACQUIRE);
  checkLive(q);
  q.usage++;
}

const EXIT: Primitive<request_queue, undefined, void> = {
  op: 'blk_queue_exit',
  access: 'use',
  traits: RELEASE,
  before: (step, q) => {
    step.traits = q.exitTraits;
  },
  effect: (_step, q) => {
    checkLive(q);
    if (q.usage > 0) {
      q.usage--;
      return;
    }
    currentMachine().report(
      'refcount',
      'percpu ref (blk_queue_usage_counter_release) <= 0 after switching to atomic',
      q,
    );
  },
};

/** Kernel: blk_queue_exit(). One too many is reported. */
export const blk_queue_exit = (q: request_queue): Steps<void> => operation(EXIT, q, FIELD, undefined);

/** Kernel: blk_freeze_queue_start(): nobody enters from here on. */
export function* blk_freeze_queue_start(q: request_queue): Steps<void> {
  yield makeStep('blk_freeze_queue_start', q, FIELD, 'use', q.gateTraits);
  checkLive(q);
  q.mq_freeze_depth++;
}

/** Kernel: blk_mq_freeze_queue_wait(): until nobody is inside. Context: may sleep. */
export function* blk_mq_freeze_queue_wait(q: request_queue): Steps<void> {
  might_sleep('blk_mq_freeze_queue_wait', q);
  yield makeStep('blk_mq_freeze_queue_wait', q, FIELD, 'use', q.drainTraits);
  checkLive(q);
}

/** Kernel: blk_mq_freeze_queue(). Context: may sleep. */
export function* blk_mq_freeze_queue(q: request_queue): Steps<void> {
  yield* blk_freeze_queue_start(q);
  yield* blk_mq_freeze_queue_wait(q);
}

/** Kernel: blk_mq_unfreeze_queue(). */
export function* blk_mq_unfreeze_queue(q: request_queue): Steps<void> {
  yield makeStep('blk_mq_unfreeze_queue', q, FIELD, 'use', q.gateTraits);
  checkLive(q);
  if (q.mq_freeze_depth === 0) {
    currentMachine().report('warning', 'WARNING: blk_mq_unfreeze_queue: mq_freeze_depth < 0', q);
    return;
  }
  q.mq_freeze_depth--;
}
