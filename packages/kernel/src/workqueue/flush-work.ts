// SPDX-License-Identifier: GPL-2.0-only
import { currentMachine } from '../current.js';
import { makeStep } from '../kfn.js';
import { checkLive, checkPointer } from '../memory/check.js';
import { might_sleep } from '../sched/might-sleep.js';
import { elementOf, nothing, type Access, type Step, type Steps, type Touch } from '../step.js';
import { WQ_MEM_RECLAIM } from './flags.js';
import { INSTANCE, type WorkInstance, type work_struct } from './work.js';
import { current_work } from './worker.js';
import type { workqueue_struct } from './workqueue-struct.js';

const reads = (work: work_struct, field: string): Touch => ({ object: work, field, access: 'read' });

/** Which queueing is the newest: what a flush waits for, and who takes it off its queue changes. */
const newestOf = (work: work_struct): Touch => reads(work, elementOf('data', INSTANCE));

/** Must who flushes complain about a work that need not go on without memory? Then whether it is idle matters. */
const mayComplain = (): boolean => ((current_work()?.running?.wq.flags ?? 0) & WQ_MEM_RECLAIM) !== 0;

/** Kernel: check_flush_dependency(): who must go on without memory may not wait for who need not. */
const checkDependency = (wq: workqueue_struct, target: string): void => {
  const own = current_work();
  const from = own?.running?.wq;
  if (own === undefined || from === undefined) return;
  if ((from.flags & WQ_MEM_RECLAIM) === 0 || (wq.flags & WQ_MEM_RECLAIM) !== 0) return;
  currentMachine().report(
    'warning',
    `workqueue: WQ_MEM_RECLAIM ${from.name}:${own.name} is flushing !WQ_MEM_RECLAIM ${wq.name}:${target}`,
    own,
  );
};

/**
 * Waits until the instance that is queued, else the one that runs, has ended; not for a
 * timer. Kernel: flush_work(). Context: may sleep. (Nobody here asks whether it was idle.)
 */
export function* flush_work(pointer: work_struct | null): Steps<void> {
  const work = checkPointer(pointer, 'data');
  might_sleep('flush_work', work);
  const newest = newestOf(work);
  const complains = mayComplain();
  const step = makeStep('flush_work', work, 'data', 'use', {
    ordering: 'full',
    tells: nothing,
    // Flushes commute with each other: the flag that they leave tells the next queueing, and nobody else.
    also: () => (complains && work.unreclaimed ? [newest, reads(work, 'running')] : [newest]),
  });
  yield step;
  checkLive(work);
  work.flushed = true;
  const target = work.queued ?? work.running;
  if (target !== null && current_work() === work) {
    const message = `WARNING: possible recursive locking detected: ${work.name} flushes itself`;
    currentMachine().report('deadlock', message, work);
  }
  if (target !== null) checkDependency(target.wq, work.name);
  yield endOf(work, target);
  checkLive(work);
}

/** Also when the work is idle: whether it ran to its end before or after the flush began is no difference. */
const endOf = (work: work_struct, target: WorkInstance | null): Step => {
  const { epoch } = work;
  const ends = (access: Access): readonly Touch[] =>
    Array.from({ length: epoch + 1 }, (_, n) => ({ object: work, field: elementOf('done', n), access }));
  const awaited = ends('await');
  // Only what no worker has begun can be taken off.
  const newest = newestOf(work);
  const waiting = [...awaited, newest];
  // Who waited for what was taken off its queue does not wait for an earlier instance that runs still.
  const takenOff = [...ends('read'), newest];
  const freed = (): boolean => work.alloc.freedAt !== undefined;
  return makeStep('flush_work_end', work, 'done', 'use', {
    ordering: 'full',
    tells: nothing,
    enabled: () => target?.done !== false || freed(),
    waitsFor: () => [epoch, target?.done === false ? (target.started ? 'running' : 'queued') : 'nothing'],
    also: () => {
      if (freed() || (target?.done === true && !target.started)) return takenOff;
      return target?.started === false ? waiting : awaited;
    },
  });
};

/**
 * Waits for every work that was queued or ran when it began; not for timers.
 * Kernel: flush_workqueue(). Context: may sleep.
 */
export function* flush_workqueue(pointer: workqueue_struct | null): Steps<void> {
  const wq = checkPointer(pointer, 'flags');
  might_sleep('flush_workqueue', wq);
  const step = makeStep('flush_workqueue', wq, 'pwq', 'read', { ordering: 'full' });
  yield step;
  checkLive(wq);
  const targets = [...wq.instances];
  step.value = targets.length;
  if (targets.length === 0) return;
  const own = current_work();
  if (own?.running?.wq === wq) {
    const message = `WARNING: possible recursive locking detected: ${own.name} flushes its workqueue ${wq.name}`;
    currentMachine().report('deadlock', message, wq);
  }
  checkDependency(wq, '0x0');
  yield makeStep('flush_workqueue_end', wq, 'pwq', 'read', {
    ordering: 'full',
    enabled: () => targets.every((target) => target.done) || wq.alloc.freedAt !== undefined,
  });
  checkLive(wq);
}
