// SPDX-License-Identifier: GPL-2.0-only
import { current, currentMachine } from '../current.js';
import { makeStep } from '../kfn.js';
import { checkLive } from '../memory/check.js';
import type { KObject } from '../object.js';
import { might_sleep } from '../sched/might-sleep.js';
import { FULL, ONCE, type Steps } from '../step.js';
import { own_timer, type process_timer } from '../time/process-timer.js';
import { arm, disarm } from '../time/timer.js';
import { WaitEntry, type wait_queue_head } from './wait-queue.js';

/** What the condition of a wait reads. */
export interface Condition {
  readonly object: KObject;
  readonly field: string;
}

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

interface Manner {
  readonly exclusive?: boolean;
  readonly rest?: readonly unknown[] | undefined;
  /** Sleeps through this many jiffies at most; absent: for ever. */
  readonly timeoutJiffies?: number;
}

function* prepare(wq: wait_queue_head, entry: WaitEntry): Steps<void> {
  yield makeStep(entry.exclusive ? 'prepare_to_wait_exclusive' : 'prepare_to_wait', wq, 'head', 'update', FULL);
  checkLive(wq);
  wq.enter(entry);
}

/** schedule(): until somebody wakes the entry, or the timer the task. */
function* sleep(wq: wait_queue_head, entry: WaitEntry, manner: Manner, timer?: process_timer): Steps<void> {
  const { rest } = manner;
  yield makeStep('schedule', wq, 'head', 'update', {
    ordering: 'full',
    enabled: () => entry.woken || timer?.awake === true || wq.alloc.freedAt !== undefined,
    ...(timer === undefined ? {} : { also: [{ object: timer, field: 'awake', access: 'read' }] }),
    ...(rest === undefined ? {} : { rest }),
  });
  checkLive(wq);
}

/** Kernel: schedule_timeout() around a sleep on the queue. @returns jiffies left, 0 when it expired */
function* sleepFor(wq: wait_queue_head, entry: WaitEntry, manner: Manner, jiffiesLeft: number): Steps<number> {
  const { clock } = currentMachine();
  const timer = own_timer();
  const touches = [{ object: timer, field: 'awake', access: 'write' }] as const;
  yield makeStep('schedule_timeout', clock, 'armed', 'update', { also: touches });
  timer.awake = false;
  const expires = clock.jiffies + jiffiesLeft;
  arm(timer.timer, expires);
  yield* sleep(wq, entry, manner, timer);
  const step = makeStep('timer_delete_sync', clock, 'armed', 'update', {
    also: [...touches, { object: clock, field: 'jiffies', access: 'read' }],
  });
  yield step;
  disarm(timer.timer);
  timer.awake = true;
  const left = Math.max(0, expires - clock.jiffies);
  step.value = left;
  return left;
}

/** Kernel: ___wait_event(). @returns jiffies left, at least 1 when the condition holds; 0 after a timeout without it */
export function* wait_on(
  op: string,
  wq: wait_queue_head,
  touch: Condition,
  cond: WaitCondition,
  manner: Manner = {},
): Steps<number> {
  might_sleep(op, wq);
  let left = manner.timeoutJiffies;
  if (yield* test(touch, cond)) return Math.max(1, left ?? 1);
  const entry = new WaitEntry(current(), manner.exclusive === true);
  let holds = false;
  for (;;) {
    yield* prepare(wq, entry);
    holds = yield* test(touch, cond);
    if (holds || left === 0) break;
    if (left === undefined) yield* sleep(wq, entry, manner);
    else left = yield* sleepFor(wq, entry, manner, left);
  }
  yield makeStep('finish_wait', wq, 'head', 'update', FULL);
  checkLive(wq);
  wq.leave(entry);
  return holds ? Math.max(1, left ?? 1) : 0;
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
  yield* wait_on('wait_event', wq, touch, cond, { rest });
}

/**
 * As wait_event(), registered as exclusive: wake_up() wakes one of them, in the order of coming.
 * Kernel: wait_event_idle_exclusive() (no signals here, so all exclusive waits are one). Context: may sleep.
 */
export function* wait_event_idle_exclusive(
  wq: wait_queue_head,
  touch: Condition,
  cond: WaitCondition,
  rest?: readonly unknown[],
): Steps<void> {
  yield* wait_on('wait_event_idle_exclusive', wq, touch, cond, { rest, exclusive: true });
}

/**
 * Kernel: wait_event_timeout(). Context: may sleep.
 * @returns 0 when the time passed and the condition does not hold; else what is left of it, at least 1
 */
export const wait_event_timeout = (
  wq: wait_queue_head,
  touch: Condition,
  cond: WaitCondition,
  timeoutJiffies: number,
): Steps<number> => wait_on('wait_event_timeout', wq, touch, cond, { timeoutJiffies });
