// SPDX-License-Identifier: GPL-2.0-only
import { current } from '../current.js';
import { makeStep } from '../kfn.js';
import { checkLive, checkPointer } from '../memory/check.js';
import type { Step, Steps, Touch } from '../step.js';
import { kblockd, system_wq } from './alloc-workqueue.js';
import type { work_struct } from './work.js';
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

function* queue(
  op: string,
  on: number | undefined,
  pwq: workqueue_struct | null,
  pointer: work_struct | null,
): Steps<boolean> {
  const cpu = on ?? current().cpu;
  const wq = checkPointer(pwq, 'flags');
  const work = checkPointer(pointer, 'data');
  const step = workStep(op, work, wq, cpu);
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

/** Kernel: kblockd_schedule_work(). */
export const kblockd_schedule_work = (work: work_struct | null): Steps<boolean> => queue_work(kblockd(), work);

/** Kernel: schedule_work(). */
export const schedule_work = (work: work_struct | null): Steps<boolean> => queue_work(system_wq(), work);

/** Kernel: work_pending(), delayed_work_pending(). */
export function* work_pending(pointer: work_struct | null): Steps<boolean> {
  const work = checkPointer(pointer, 'data');
  const step = makeStep('work_pending', work, 'data', 'read');
  yield step;
  checkLive(work);
  step.value = work.pending;
  return work.pending;
}
export const delayed_work_pending = work_pending;
