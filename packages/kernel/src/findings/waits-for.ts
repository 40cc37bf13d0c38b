// SPDX-License-Identifier: GPL-2.0-only
import { owned_lock } from '../locks/owned-lock.js';
import { rw_semaphore } from '../locks/rw-semaphore.js';
import type { Machine } from '../machine.js';
import type { KObject } from '../object.js';
import { rcu_state } from '../rcu/rcu.js';
import { srcu_struct } from '../srcu/srcu.js';
import type { Step } from '../step.js';
import type { Task } from '../task.js';
import { work_struct } from '../workqueue/work.js';
import { workqueue_struct } from '../workqueue/workqueue-struct.js';

const workerOf = (machine: Machine, work: work_struct): Task[] =>
  machine.tasks.filter((task) => task.subject === work && task.busy);

/** Workers of the workqueue that are in the middle of a work. */
const workersOf = (machine: Machine, wq: workqueue_struct): Task[] =>
  machine.tasks.filter((task) => task.busy && task.subject instanceof work_struct && task.subject.running?.wq === wq);

/** Who has what the step waits for, as far as the kernel knows: nobody does for a condition or a completion. */
const holdersOf = (machine: Machine, object: KObject, step: Step): Task[] => {
  if (object instanceof owned_lock) return object.owner === null ? [] : [object.owner];
  if (object instanceof rw_semaphore) return [...object.readers, ...(object.writer === null ? [] : [object.writer])];
  if (object instanceof work_struct) {
    const running = workerOf(machine, object);
    if (running.length > 0 || object.queued === null) return running;
    // It waits for a place: whoever runs on its workqueue has one.
    return workersOf(machine, object.queued.wq);
  }
  if (object instanceof workqueue_struct) return workersOf(machine, object);
  if (object instanceof srcu_struct || object instanceof rcu_state) return readersNamed(machine, step.value);
  return [];
};

/** A grace period notes whom it waits for in its step. */
const readersNamed = (machine: Machine, names: unknown): Task[] =>
  Array.isArray(names)
    ? names.flatMap((name: unknown) => {
        const task = typeof name === 'string' ? machine.task(name) : undefined;
        return task === undefined ? [] : [task];
      })
    : [];

/** Tasks that the blocked task waits for, each once, in order of creation. */
export const waitsFor = (machine: Machine, task: Task): Task[] => {
  const { pending } = task;
  if (pending === undefined) return [];
  const holders = new Set(holdersOf(machine, pending.object, pending));
  return machine.tasks.filter((other) => holders.has(other));
};
