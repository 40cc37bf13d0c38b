// SPDX-License-Identifier: GPL-2.0-only
import { currentMachine } from '../current.js';
import { plainWhere } from '../frame.js';
import { makeStep } from '../kfn.js';
import { checkLive, checkPointer } from '../memory/check.js';
import { might_sleep } from '../sched/might-sleep.js';
import { WHOLE, type StepOptions, type Steps } from '../step.js';
import type { workqueue_struct } from './workqueue-struct.js';

const FULL: StepOptions = { ordering: 'full' };

/**
 * Waits until the workqueue is empty; meanwhile only its own works may queue on it.
 * Kernel: drain_workqueue(). Context: may sleep.
 */
export function* drain_workqueue(pointer: workqueue_struct | null): Steps<void> {
  const wq = checkPointer(pointer, 'flags');
  might_sleep('drain_workqueue', wq);
  yield makeStep('drain_workqueue', wq, 'pwq', 'update', FULL);
  checkLive(wq);
  wq.draining++;
  yield makeStep('drain_workqueue_end', wq, 'pwq', 'update', wq.idleOptions);
  checkLive(wq);
  wq.draining--;
}

/**
 * Drains, then frees: using it later is a use after free. A delayed work whose timer is armed is
 * not waited for.
 * Kernel: destroy_workqueue(). Context: may sleep.
 */
export function* destroy_workqueue(pointer: workqueue_struct | null): Steps<void> {
  const wq = checkPointer(pointer, 'flags');
  might_sleep('destroy_workqueue', wq);
  yield makeStep('destroy_workqueue', wq, 'pwq', 'update', FULL);
  checkLive(wq);
  wq.destroying = true;
  yield* drain_workqueue(wq);
  yield makeStep('free_workqueue', wq, WHOLE, 'write', FULL);
  checkLive(wq);
  wq.alloc.freedAt = plainWhere(currentMachine().here());
}
