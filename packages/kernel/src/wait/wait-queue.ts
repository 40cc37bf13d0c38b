// SPDX-License-Identifier: GPL-2.0-only
import { makeStep } from '../kfn.js';
import { checkLive } from '../memory/check.js';
import { KObject } from '../object.js';
import { might_sleep } from '../sched/might-sleep.js';
import { current } from '../current.js';
import type { StepOptions, Steps } from '../step.js';
import type { Task } from '../task.js';

/** What the condition of a wait reads. */
export interface Condition {
  readonly object: KObject;
  readonly field: string;
}

/** One task on a wait queue. */
export class WaitEntry {
  woken = false;
  constructor(readonly task: Task) {}
}

/** Kernel: wait_queue_head_t. */
export class wait_queue_head extends KObject {
  /** Registered tasks; all waits are non-exclusive, so their order means nothing. */
  readonly entries = new Set<WaitEntry>();
}

const FULL: StepOptions = { ordering: 'full' };
const ONCE: StepOptions = { ordering: 'once' };

/** A condition: an expression over the one field it is declared to read, or steps of its own. */
export type WaitCondition = () => boolean | Steps<boolean>;

function* test(touch: Condition, cond: WaitCondition): Steps<boolean> {
  const tried = cond();
  if (typeof tried !== 'boolean') return yield* tried;
  // What an expression gave before its step is what it gives now only by chance: ask again.
  const step = makeStep('wait_condition', touch.object, touch.field, 'read', ONCE);
  yield step;
  checkLive(touch.object);
  const holds = cond() === true;
  step.value = holds;
  return holds;
}

/**
 * Sleeps until the condition holds: test, then until it holds {register, test, sleep}. A
 * waker that changes the condition and wakes between two of these steps is never missed;
 * one that does not wake, or wakes first, is.
 * Kernel: wait_event(). Context: may sleep.
 * @param touch the one field that an expression `cond` reads; a `cond` of steps has its own
 * @param rest private locals that matter after it: makes the sleep a rest point
 */
export function* wait_event(
  wq: wait_queue_head,
  touch: Condition,
  cond: WaitCondition,
  rest?: readonly unknown[],
): Steps<void> {
  might_sleep('wait_event', wq);
  if (yield* test(touch, cond)) return;
  const entry = new WaitEntry(current());
  const sleep: StepOptions = {
    ordering: 'full',
    enabled: () => entry.woken || wq.alloc.freedAt !== undefined,
    ...(rest === undefined ? {} : { rest }),
  };
  for (;;) {
    yield makeStep('prepare_to_wait', wq, 'head', 'update', FULL);
    checkLive(wq);
    entry.woken = false;
    wq.entries.add(entry);
    if (yield* test(touch, cond)) break;
    yield makeStep('schedule', wq, 'head', 'update', sleep);
    checkLive(wq);
  }
  yield makeStep('finish_wait', wq, 'head', 'update', FULL);
  checkLive(wq);
  wq.entries.delete(entry);
}

/** Kernel: wake_up(), wake_up_all(): every registered task runs again and tests its condition. */
export function* wake_up(wq: wait_queue_head): Steps<void> {
  const step = makeStep('wake_up', wq, 'head', 'update', FULL);
  yield step;
  checkLive(wq);
  for (const entry of wq.entries) entry.woken = true;
  step.value = wq.entries.size;
}

export const wake_up_all = wake_up;
