// SPDX-License-Identifier: GPL-2.0-only
import { current } from '../current.js';
import { makeStep } from '../kfn.js';
import { checkLive, checkPointer } from '../memory/check.js';
import { elementOf, nothing, type Step, type Steps, type Touch } from '../step.js';
import { kblockd, system_wq } from './alloc-workqueue.js';
import { PENDING, type work_struct } from './work.js';
import { enqueue } from './worker.js';
import type { workqueue_struct } from './workqueue-struct.js';

/**
 * A step on the work that may put it on `wq` from the CPU, and may take it off the queue it is on.
 */
export const workStep = (
  op: string,
  work: work_struct,
  wq?: workqueue_struct,
  cpu = current().cpu,
  also: readonly Touch[] = [],
): Step =>
  makeStep(op, work, 'data', 'update', {
    ordering: 'full',
    // Its callers ask for no more of the work.
    tells: () => [work.pending, work.disabled > 0],
    also: () => [...(wq?.touchesAt(cpu) ?? []), ...(work.queued?.touches ?? []), ...also],
  });

const NOTHING: readonly Touch[] = [];

/** A step that puts the work on `wq`, unless it is pending already: then it changes nothing. */
export const queueStep = (
  op: string,
  work: work_struct,
  wq: workqueue_struct,
  cpu: number,
  also: readonly Touch[] = [],
  tells = (): unknown => [work.pending, work.disabled > 0],
): Step => {
  const queues = (): boolean => !work.pending && work.disabled === 0;
  const touches = [...wq.touchesAt(cpu), ...also];
  return makeStep(op, work, 'data', 'update', {
    ordering: 'full',
    tells,
    amounts: () => (queues() ? 'update' : 'read'),
    also: () => (queues() ? touches : NOTHING),
  });
};

function* queue(
  op: string,
  on: number | undefined,
  pwq: workqueue_struct | null,
  pointer: work_struct | null,
  tells?: () => unknown,
): Steps<boolean> {
  const cpu = on ?? current().cpu;
  const wq = checkPointer(pwq, 'flags');
  const work = checkPointer(pointer, 'data');
  const step = queueStep(op, work, wq, cpu, NOTHING, tells);
  yield step;
  checkLive(wq);
  checkLive(work);
  const queued = !work.pending && work.disabled === 0;
  if (queued) enqueue(wq, work, cpu);
  step.value = queued;
  return queued;
}

/**
 * Puts it on the queue of the CPU that the caller is on.
 * Kernel: queue_work(). Context: any.
 * @returns false when it was pending already (nothing is done)
 */
export const queue_work = (wq: workqueue_struct | null, work: work_struct | null): Steps<boolean> =>
  queue('queue_work', undefined, wq, work);

/** Kernel: queue_work_on(). */
export const queue_work_on = (cpu: number, wq: workqueue_struct | null, work: work_struct | null): Steps<boolean> =>
  queue('queue_work_on', cpu, wq, work);

/**
 * Kernel: kblockd_schedule_work(). Context: any. Who kicks does not ask whether it was pending, so states that differ in
 * the answer alone are one; who asks calls `queue_work(kblockd(), work)`.
 */
export function* kblockd_schedule_work(work: work_struct | null): Steps<void> {
  yield* queue('queue_work', undefined, kblockd(), work, nothing);
}

/** Kernel: schedule_work(). */
export const schedule_work = (work: work_struct | null): Steps<boolean> => queue_work(system_wq(), work);

/** Kernel: work_pending(), delayed_work_pending(). */
export function* work_pending(pointer: work_struct | null): Steps<boolean> {
  const work = checkPointer(pointer, 'data');
  const step = makeStep('work_pending', work, elementOf('data', PENDING), 'read');
  yield step;
  checkLive(work);
  step.value = work.pending;
  return work.pending;
}
export const delayed_work_pending = work_pending;
