// SPDX-License-Identifier: GPL-2.0-only
import { current, currentMachine } from '../current.js';
import { makeStep } from '../kfn.js';
import { checkLive, checkPointer } from '../memory/check.js';
import { might_sleep } from '../sched/might-sleep.js';
import type { Step, StepOptions, Steps, Touch } from '../step.js';
import { workqueue_struct, type work_struct, type WorkqueueOptions } from './work.js';
import { dequeue, enqueue } from './worker.js';

/**
 * A step on the work that may put it on `wq` and may take it off the queue it is on.
 * Freeze it before its effect.
 */
export const workStep = (
  op: string,
  work: work_struct,
  wq: workqueue_struct | undefined,
  also: readonly Touch[] = [],
): Step =>
  makeStep(op, work, 'data', 'update', {
    ordering: 'full',
    also: () => [...(wq?.touches ?? []), ...(work.queued?.wq.touches ?? []), ...also],
  });

/** Kernel: alloc_workqueue(). Fresh memory: no step, call without yield*. */
export const alloc_workqueue = (name: string, options: WorkqueueOptions = {}): workqueue_struct =>
  new workqueue_struct(name, options);

/** Kernel: queue_work(). Context: any. @returns false when it was pending already (nothing is done) */
export function* queue_work(wq: workqueue_struct, pointer: work_struct | null): Steps<boolean> {
  const work = checkPointer(pointer, 'data');
  const step = workStep('queue_work', work, wq);
  yield step;
  step.freeze();
  checkLive(wq);
  checkLive(work);
  const queued = !work.pending && work.disabled === 0;
  if (queued) enqueue(wq, work, current().cpu);
  step.value = queued;
  return queued;
}

const globalQueue = (name: string): workqueue_struct => {
  const { globals } = currentMachine();
  const known = globals.get(name);
  if (known instanceof workqueue_struct) return known;
  const wq = new workqueue_struct(name);
  globals.set(name, wq);
  return wq;
};

/** The block layer's workqueue, a global of the machine. */
export const kblockd = (): workqueue_struct => globalQueue('kblockd');

/** The workqueue of schedule_work(), a global of the machine. */
export const system_wq = (): workqueue_struct => globalQueue('events');

/** Kernel: kblockd_schedule_work(). */
export const kblockd_schedule_work = (work: work_struct | null): Steps<boolean> => queue_work(kblockd(), work);

/** Kernel: schedule_work(). */
export const schedule_work = (work: work_struct | null): Steps<boolean> => queue_work(system_wq(), work);

/** Kernel: work_pending(). */
export function* work_pending(pointer: work_struct | null): Steps<boolean> {
  const work = checkPointer(pointer, 'data');
  const step = makeStep('work_pending', work, 'data', 'read');
  yield step;
  checkLive(work);
  step.value = work.pending;
  return work.pending;
}

const reads = (work: work_struct, field: 'data' | 'running'): Touch => ({ object: work, field, access: 'read' });

/**
 * Waits until the instance that is queued, else the one that runs, has ended; not for a
 * timer. Kernel: flush_work(). Context: may sleep. @returns false when it was idle
 */
export function* flush_work(pointer: work_struct | null): Steps<boolean> {
  const work = checkPointer(pointer, 'data');
  might_sleep('flush_work', work);
  const step = makeStep('flush_work', work, 'data', 'read', { ordering: 'full', also: [reads(work, 'running')] });
  yield step;
  checkLive(work);
  const target = work.queued ?? work.running;
  step.value = target !== null;
  if (target === null) return false;
  if (current().subject === work) {
    currentMachine().report(
      'deadlock',
      `WARNING: possible recursive locking detected: ${work.name} flushes itself`,
      work,
    );
  }
  const enabled = (): boolean => target.done || work.alloc.freedAt !== undefined || cancelled(work, target);
  const options: StepOptions = { ordering: 'full', enabled };
  // Only what is still queued can be taken off.
  const queued: StepOptions = { ...options, also: [reads(work, 'data')] };
  yield makeStep('flush_work_end', work, 'running', 'read', target === work.queued ? queued : options);
  checkLive(work);
  return true;
}

/** Somebody took the instance off the queue: the flush's barrier comes next. */
const cancelled = (work: work_struct, target: object): boolean => work.queued !== target && work.running !== target;

/** Takes it off its queue, and waits for a running instance; meanwhile nobody can queue it. */
export function* cancel_work_sync(pointer: work_struct | null): Steps<boolean> {
  const work = checkPointer(pointer, 'data');
  might_sleep('cancel_work_sync', work);
  const step = workStep('cancel_work_sync', work, undefined);
  yield step;
  step.freeze();
  checkLive(work);
  const was = work.pending;
  dequeue(work);
  work.disabled++;
  step.value = was;
  yield* waitNotRunning('cancel_work_sync', work);
  work.disabled--;
  return was;
}

/** The end of a cancellation. */
export function* waitNotRunning(op: string, work: work_struct): Steps<void> {
  if (current().subject === work) {
    currentMachine().report(
      'deadlock',
      `WARNING: possible recursive locking detected: ${work.name} cancels itself`,
      work,
    );
  }
  yield makeStep(`${op}_end`, work, 'data', 'update', work.notRunning);
  checkLive(work);
}

const FULL: StepOptions = { ordering: 'full' };

/** Kernel: destroy_workqueue(): waits until all is done, then takes no more. */
export function* destroy_workqueue(wq: workqueue_struct): Steps<void> {
  might_sleep('destroy_workqueue', wq);
  yield makeStep('drain_workqueue', wq, 'pwq', 'update', wq.idleOptions);
  yield makeStep('destroy_workqueue', wq, 'pwq', 'update', FULL);
  checkLive(wq);
  wq.destroyed = true;
}
