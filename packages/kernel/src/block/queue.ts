// SPDX-License-Identifier: GPL-2.0-only
import { currentMachine } from '../current.js';
import { E } from '../errno/errno.js';
import { makeStep } from '../kfn.js';
import { checkLive } from '../memory/check.js';
import { might_sleep } from '../sched/might-sleep.js';
import type { StepOptions, Steps } from '../step.js';
import { bio_io_error, bio_wouldblock_error, REQ_NOWAIT, type bio } from './bio.js';
import type { request_queue } from './gendisk.js';

const FIELD = 'q_usage_counter';
const NOWAIT: StepOptions = { ordering: 'acquire' };
const RELEASE: StepOptions = { ordering: 'release' };
const FULL: StepOptions = { ordering: 'full' };

/**
 * Enters the queue for the bio: waits while it is frozen, unless the disk is dead.
 * Entering and leaving commute with each other, not with a freeze.
 * Kernel: bio_queue_enter().
 * @returns 0; -ENODEV or -EAGAIN, and the bio is completed
 */
export function* bio_queue_enter(q: request_queue, b: bio): Steps<number> {
  const nowait = (b.bi_opf & REQ_NOWAIT) !== 0;
  const step = makeStep('bio_queue_enter', q, FIELD, 'add', nowait ? NOWAIT : q.enterOptions);
  yield step;
  checkLive(q);
  if (q.mq_freeze_depth === 0) {
    q.usage++;
    step.value = 0;
    return 0;
  }
  step.value = q.dying ? -E.ENODEV : -E.EAGAIN;
  yield* q.dying ? bio_io_error(b) : bio_wouldblock_error(b);
  return q.dying ? -E.ENODEV : -E.EAGAIN;
}

/** One more use by somebody who is inside already, e.g. for a request in flight. Kernel: percpu_ref_get(). */
export function* blk_queue_get(q: request_queue): Steps<void> {
  yield makeStep('blk_queue_get', q, FIELD, 'add', NOWAIT);
  checkLive(q);
  q.usage++;
}

/** Kernel: blk_queue_exit(). One too many is reported. */
export function* blk_queue_exit(q: request_queue): Steps<void> {
  yield makeStep('blk_queue_exit', q, FIELD, 'add', RELEASE);
  checkLive(q);
  if (q.usage === 0) {
    currentMachine().report(
      'refcount',
      'percpu ref (blk_queue_usage_counter_release) <= 0 after switching to atomic',
      q,
    );
    return;
  }
  q.usage--;
}

/** Kernel: blk_freeze_queue_start(): nobody enters from here on. */
export function* blk_freeze_queue_start(q: request_queue): Steps<void> {
  yield makeStep('blk_freeze_queue_start', q, FIELD, 'update', FULL);
  checkLive(q);
  q.mq_freeze_depth++;
}

/** Kernel: blk_mq_freeze_queue_wait(): until nobody is inside. Context: may sleep. */
export function* blk_mq_freeze_queue_wait(q: request_queue): Steps<void> {
  might_sleep('blk_mq_freeze_queue_wait', q);
  yield makeStep('blk_mq_freeze_queue_wait', q, FIELD, 'update', q.drainOptions);
  checkLive(q);
}

/** Kernel: blk_mq_freeze_queue(). Context: may sleep. */
export function* blk_mq_freeze_queue(q: request_queue): Steps<void> {
  yield* blk_freeze_queue_start(q);
  yield* blk_mq_freeze_queue_wait(q);
}

/** Kernel: blk_mq_unfreeze_queue(). */
export function* blk_mq_unfreeze_queue(q: request_queue): Steps<void> {
  yield makeStep('blk_mq_unfreeze_queue', q, FIELD, 'update', FULL);
  checkLive(q);
  if (q.mq_freeze_depth === 0) {
    currentMachine().report('warning', 'WARNING: blk_mq_unfreeze_queue: mq_freeze_depth < 0', q);
    return;
  }
  q.mq_freeze_depth--;
}
