// SPDX-License-Identifier: GPL-2.0-only
import type { KObject } from '../object.js';
import type { Steps } from '../step.js';
import { wait_on, type WaitCondition } from './wait-event.js';
import { wait_queue_head, wake_up_all } from './wait-queue.js';

/*
 * The kernel hashes the variable's address into a static table of queues, so a queue
 * outlives the variable; what is in the table dies with the machine, as its objects do.
 */
const table = new WeakMap<KObject, Map<string, wait_queue_head>>();

const queueOf = (o: KObject, field: string): wait_queue_head => {
  let queues = table.get(o);
  if (queues === undefined) table.set(o, (queues = new Map<string, wait_queue_head>()));
  let queue = queues.get(field);
  if (queue === undefined) queues.set(field, (queue = new wait_queue_head()));
  return queue;
};

/** Kernel: wait_var_event(). Context: may sleep. `cond` reads the field and nothing else, or is made of steps. */
export function* wait_var_event<T extends KObject>(
  o: T,
  field: keyof T & string,
  cond: WaitCondition,
  rest?: readonly unknown[],
): Steps<void> {
  yield* wait_on('wait_var_event', queueOf(o, field), { object: o, field }, cond, { rest });
}

/** Kernel: wait_var_event_timeout(). Context: may sleep. @returns as wait_event_timeout() */
export const wait_var_event_timeout = <T extends KObject>(
  o: T,
  field: keyof T & string,
  cond: WaitCondition,
  timeoutJiffies: number,
): Steps<number> =>
  wait_on('wait_var_event_timeout', queueOf(o, field), { object: o, field }, cond, { timeoutJiffies });

/**
 * Wakes all who wait for the variable. Touches only the static table: the object may be gone by now.
 * Kernel: wake_up_var().
 */
export const wake_up_var = <T extends KObject>(o: T, field: keyof T & string): Steps<void> =>
  wake_up_all(queueOf(o, field));
