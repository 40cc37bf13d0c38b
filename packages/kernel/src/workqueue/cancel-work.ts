// SPDX-License-Identifier: GPL-2.0-only
import { currentMachine } from '../current.js';
import { makeStep } from '../kfn.js';
import { checkLive, checkPointer } from '../memory/check.js';
import { might_sleep } from '../sched/might-sleep.js';
import type { Steps } from '../step.js';
import { workStep } from './queue-work.js';
import type { work_struct } from './work.js';
import { current_work, dequeue } from './worker.js';

/** Takes it off its queue; a running instance goes on. Kernel: cancel_work(). @returns was it pending? */
export function* cancel_work(pointer: work_struct | null): Steps<boolean> {
  const work = checkPointer(pointer, 'data');
  const step = workStep('cancel_work', work);
  yield step;
  checkLive(work);
  const was = work.pending;
  dequeue(work);
  step.value = was;
  return was;
}

/**
 * Takes it off its queue, and waits for a running instance; meanwhile nobody can queue it.
 * Kernel: cancel_work_sync(). Context: may sleep. @returns was it pending?
 */
export function* cancel_work_sync(pointer: work_struct | null): Steps<boolean> {
  const work = checkPointer(pointer, 'data');
  might_sleep('cancel_work_sync', work);
  const step = workStep('cancel_work_sync', work);
  yield step;
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
  if (current_work() === work) {
    const message = `WARNING: possible recursive locking detected: ${work.name} cancels itself`;
    currentMachine().report('deadlock', message, work);
  }
  yield makeStep(`${op}_end`, work, 'data', 'update', work.notRunning);
  checkLive(work);
}
