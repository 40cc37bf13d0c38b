// SPDX-License-Identifier: GPL-2.0-only
import { current } from '../current.js';
import { makeStep } from '../kfn.js';
import { checkLive, checkPointer } from '../memory/check.js';
import type { KObject } from '../object.js';
import { might_sleep } from '../sched/might-sleep.js';
import type { Steps, Touch } from '../step.js';
import { arm, disarm, timer_list } from '../time/timer.js';
import { kblockd, system_wq } from './alloc-workqueue.js';
import { waitNotRunning } from './cancel-work.js';
import { flush_work } from './flush-work.js';
import { queueStep, workStep } from './queue-work.js';
import { work_struct, type WorkOptions } from './work.js';
import { dequeue, enqueue } from './worker.js';
import type { workqueue_struct } from './workqueue-struct.js';

/**
 * Kernel: struct delayed_work. The timer's expiry puts the work on its queue; the start
 * of the function is another step. The pending bit covers both.
 */
export class delayed_work extends work_struct {
  readonly timer: timer_list;
  /** Where expiry queues it. */
  wq: workqueue_struct | null = null;
  /** CPU of who armed it. */
  cpu = 0;

  constructor(
    container: KObject | undefined,
    fn: (work: work_struct) => Steps<void>,
    name: string,
    options: WorkOptions = {},
  ) {
    super(container, fn, name, options);
    this.timer = new timer_list(this, function* () {}, `${name} timer`, {
      touches: () => [{ object: this, field: 'data', access: 'update' }, ...(this.wq?.touchesAt(this.cpu) ?? [])],
      run: () => {
        if (this.wq !== null) enqueue(this.wq, this, this.cpu);
      },
    });
  }
}

const armed = (dw: delayed_work): readonly Touch[] => [{ object: dw.timer.clock, field: 'armed', access: 'update' }];

/** The caller owns the pending bit. Without a delay the timer is not used, as in the kernel. */
const start = (wq: workqueue_struct, dw: delayed_work, delayJiffies: number, cpu: number): void => {
  dw.wq = wq;
  dw.cpu = cpu;
  dw.pending = true;
  if (delayJiffies === 0) enqueue(wq, dw, dw.cpu);
  else arm(dw.timer, dw.timer.clock.jiffies + delayJiffies);
};

/** Kernel: try_to_grab_pending(): off the timer or off the queue. @returns the pending bit before */
const grab = (dw: delayed_work): boolean => {
  const was = dw.pending;
  disarm(dw.timer);
  dequeue(dw);
  return was;
};

/** Kernel: queue_delayed_work(). @returns false when it was pending already (the old time stands) */
export function* queue_delayed_work(
  pwq: workqueue_struct | null,
  pointer: delayed_work | null,
  delayJiffies: number,
): Steps<boolean> {
  const wq = checkPointer(pwq, 'flags');
  const dw = checkPointer(pointer, 'data');
  const { cpu } = current();
  const step = queueStep('queue_delayed_work', dw, wq, cpu, armed(dw));
  yield step;
  checkLive(wq);
  checkLive(dw);
  const queued = !dw.pending && dw.disabled === 0;
  if (queued) start(wq, dw, delayJiffies, cpu);
  step.value = queued;
  return queued;
}

function* modify(
  op: string,
  on: number | undefined,
  pwq: workqueue_struct | null,
  pointer: delayed_work | null,
  delayJiffies: number,
): Steps<boolean> {
  const wq = checkPointer(pwq, 'flags');
  const dw = checkPointer(pointer, 'data');
  const cpu = on ?? current().cpu;
  const step = workStep(op, dw, wq, cpu, armed(dw));
  yield step;
  checkLive(wq);
  checkLive(dw);
  const was = grab(dw);
  if (dw.disabled === 0) start(wq, dw, delayJiffies, cpu);
  step.value = was;
  return was;
}

/** Kernel: mod_delayed_work(): pending or not, it is now due after the delay. @returns the pending bit before */
export const mod_delayed_work = (
  wq: workqueue_struct | null,
  dw: delayed_work | null,
  delayJiffies: number,
): Steps<boolean> => modify('mod_delayed_work', undefined, wq, dw, delayJiffies);

/** Kernel: mod_delayed_work_on(). */
export const mod_delayed_work_on = (
  cpu: number,
  wq: workqueue_struct | null,
  dw: delayed_work | null,
  delayJiffies: number,
): Steps<boolean> => modify('mod_delayed_work_on', cpu, wq, dw, delayJiffies);

/** Kernel: cancel_delayed_work(). Succeeds only before the start. @returns true when it was pending */
export function* cancel_delayed_work(pointer: delayed_work | null): Steps<boolean> {
  const dw = checkPointer(pointer, 'data');
  const step = workStep('cancel_delayed_work', dw, undefined, 0, armed(dw));
  yield step;
  checkLive(dw);
  const was = grab(dw);
  step.value = was;
  return was;
}

/** Kernel: cancel_delayed_work_sync(). Also waits for a running instance. Context: may sleep. */
export function* cancel_delayed_work_sync(pointer: delayed_work | null): Steps<boolean> {
  const dw = checkPointer(pointer, 'data');
  might_sleep('cancel_delayed_work_sync', dw);
  const step = workStep('cancel_delayed_work_sync', dw, undefined, 0, armed(dw));
  yield step;
  checkLive(dw);
  const was = grab(dw);
  step.value = was;
  dw.disabled++;
  yield* waitNotRunning('cancel_delayed_work_sync', dw);
  dw.disabled--;
  return was;
}

/** Kernel: flush_delayed_work(): queues it now if its timer was armed, then flush_work(). */
export function* flush_delayed_work(pointer: delayed_work | null): Steps<void> {
  const dw = checkPointer(pointer, 'data');
  might_sleep('flush_delayed_work', dw);
  const step = makeStep('flush_delayed_work', dw, 'data', 'update', {
    ordering: 'full',
    also: () => [...(dw.wq?.touchesAt(dw.cpu) ?? []), ...(dw.queued?.touches ?? []), ...armed(dw)],
  });
  yield step;
  checkLive(dw);
  const was = disarm(dw.timer);
  if (was && dw.wq !== null) enqueue(dw.wq, dw, dw.cpu);
  step.value = was;
  yield* flush_work(dw);
}

/** Kernel: schedule_delayed_work(). */
export const schedule_delayed_work = (dw: delayed_work | null, delayJiffies: number): Steps<boolean> =>
  queue_delayed_work(system_wq(), dw, delayJiffies);

/** Kernel: kblockd_mod_delayed_work_on(). */
export const kblockd_mod_delayed_work_on = (
  cpu: number,
  dw: delayed_work | null,
  delayJiffies: number,
): Steps<boolean> => mod_delayed_work_on(cpu, kblockd(), dw, delayJiffies);
