// SPDX-License-Identifier: GPL-2.0-only
import { current, currentMachine } from '../current.js';
import { makeStep } from '../kfn.js';
import { checkLive } from '../memory/check.js';
import { in_module } from '../module/in-module.js';
import { ensureLane } from '../sched/lane.js';
import type { StepOptions, Steps, Touch } from '../step.js';
import { Frame, type Task } from '../task.js';
import { WorkInstance, type work_struct, type workqueue_struct } from './work.js';

/** Does the workqueue have a worker for it: not running already, and within max_active in queue order. */
const mayStart = (work: work_struct): boolean => {
  if (work.queued === null || work.running !== null) return false;
  const { wq } = work.queued;
  return !wq.limited || wq.queue.indexOf(work) < wq.maxActive - wq.active;
};

/** The worker of one work: an idle loop head, then one run of the function. */
function* lane(work: work_struct): Steps<void> {
  const starts: Touch = { object: work, field: 'running', access: 'update' };
  const idle: StepOptions = {
    ordering: 'full',
    rest: [],
    enabled: () => mayStart(work),
    also: () => [starts, ...(work.queued?.wq.touches ?? [])],
  };
  const task = current();
  for (;;) {
    const step = makeStep('process_one_work', work, 'data', 'update', idle);
    yield step;
    step.freeze();
    checkLive(work);
    const instance = work.queued;
    if (instance === null) continue;
    dequeue(work);
    work.running = instance;
    instance.wq.busy++;
    instance.wq.active++;
    task.cpu = instance.cpu;
    task.busy = true;
    task.frames.push(new Frame(work.name));
    yield* work.owner === undefined ? work.fn(work) : in_module(work.owner, work.name, work.fn(work));
    task.frames.pop();
    // The function may have freed its work: from here on only the worker's own state counts.
    yield makeStep('work_done', work, 'running', 'update', { also: instance.wq.touches });
    work.running = null;
    instance.done = true;
    instance.wq.busy--;
    instance.wq.active--;
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

/** Takes a queued work off its queue: the pending bit is clear afterwards. No step. */
export const dequeue = (work: work_struct): void => {
  const { queued } = work;
  if (queued !== null) {
    const { wq } = queued;
    wq.busy--;
    if (wq.limited) wq.queue.splice(wq.queue.indexOf(work), 1);
  }
  work.queued = null;
  work.pending = false;
};

/** Kernel: __queue_work(): puts the work on the queue; the caller owns the pending bit. No step. */
export const enqueue = (wq: workqueue_struct, work: work_struct, cpu: number): void => {
  if (wq.destroyed) {
    currentMachine().report('warning', `workqueue: cannot queue ${work.name} on wq ${wq.name}`, work);
    work.pending = false;
    return;
  }
  work.pending = true;
  work.queued = new WorkInstance(wq, cpu);
  wq.busy++;
  if (wq.limited) wq.queue.push(work);
  ensureLane('kworker', work, work.name, () => lane(work));
};
