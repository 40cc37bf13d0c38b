// SPDX-License-Identifier: GPL-2.0-only
import { current, currentMachine } from '../current.js';
import { makeStep } from '../kfn.js';
import { checkLive } from '../memory/check.js';
import { in_module } from '../module/in-module.js';
import { ensureLane } from '../sched/lane.js';
import { elementOf, type StepOptions, type Steps, type Touch } from '../step.js';
import type { Task } from '../task.js';
import { WQ_MEM_RECLAIM } from './flags.js';
import { PENDING, WorkInstance, work_struct } from './work.js';
import type { workqueue_struct } from './workqueue-struct.js';

/** Does its workqueue have a worker for it, and does none have it already? */
const mayStart = (work: work_struct): boolean =>
  work.queued !== null && work.running === null && work.queued.wq.mayStart(work, work.queued);

/** The worker of one work: an idle loop head, then one run of the function. */
function* lane(work: work_struct): Steps<void> {
  const starts: readonly Touch[] = [
    { object: work, field: elementOf('data', PENDING), access: 'update' },
    { object: work, field: 'running', access: 'update' },
  ];
  const idle: StepOptions = {
    ordering: 'full',
    rest: [],
    enabled: () => mayStart(work),
    tells: () => [work.queued?.wq, work.queued?.cpu],
    also: () => [...starts, ...(work.queued?.touches ?? [])],
  };
  const task = current();
  for (;;) {
    const step = makeStep('process_one_work', work, 'data', 'use', idle);
    yield step;
    checkLive(work);
    const instance = work.queued;
    if (instance === null) continue;
    const { wq } = instance;
    wq.begin(work, instance);
    instance.start();
    work.queued = null;
    work.pending = false;
    work.running = instance;
    task.cpu = instance.cpu;
    task.busy = true;
    task.enter(work.name);
    yield* work.owner === undefined ? work.fn(work) : in_module(work.owner, work.name, work.fn(work));
    task.leave();
    // The function may have freed its work: from here on only the worker's own state counts.
    const end: Touch = { object: work, field: elementOf('done', instance.epoch), access: 'leave' };
    yield makeStep('work_done', work, 'running', 'update', { also: [end, ...instance.touches] });
    work.running = null;
    wq.end(instance);
    task.busy = false;
    checkLeaks(task, work);
  }
}

/** Kernel: process_one_work() complains about a function that returned with a lock held or in atomic context. */
const checkLeaks = (task: Task, work: work_struct): void => {
  if (task.atomicDepth === 0 && task.held.length === 0) return;
  const held = task.held.map((lock) => lock.label).join(', ');
  currentMachine().report('deadlock', `BUG: workqueue leaked atomic, lock or RCU: ${work.name} ${held}`, work);
  task.atomicDepth = 0;
};

/** Takes a queued work off its queue, unrun: the pending bit is clear afterwards. No step. */
export const dequeue = (work: work_struct): void => {
  const { queued } = work;
  if (queued !== null) queued.wq.withdraw(work, queued);
  work.queued = null;
  work.pending = false;
};

/** The work that the running task is the worker of. */
export const current_work = (): work_struct | undefined => {
  const { subject, busy } = current();
  return busy && subject instanceof work_struct ? subject : undefined;
};

/**
 * Kernel: __queue_work(): puts the work on the queue; the caller owns the pending bit. While the
 * workqueue drains only its own works may: another is dropped with a warning (its pending bit is
 * cleared, as the newest kernels do; in older ones it stays set for ever). No step.
 */
export const enqueue = (wq: workqueue_struct, work: work_struct, cpu: number): void => {
  checkLive(wq);
  if ((wq.draining > 0 || wq.destroying) && current_work()?.running?.wq !== wq) {
    currentMachine().report('warning', `workqueue: cannot queue ${work.name} on wq ${wq.name}`, work);
    work.pending = false;
    return;
  }
  work.pending = true;
  if (work.flushed) work.epoch++;
  work.flushed = false;
  work.unreclaimed ||= (wq.flags & WQ_MEM_RECLAIM) === 0;
  work.queued = new WorkInstance(wq, cpu, work.epoch);
  wq.enter(work, work.queued);
  ensureLane('kworker', work, work.name, () => lane(work));
};
