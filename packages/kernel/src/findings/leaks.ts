// SPDX-License-Identifier: GPL-2.0-only
import type { Machine } from '../machine.js';
import { plainWhere } from '../frame.js';
import { heapOf } from '../memory/heap.js';
import { Allocation, KObject } from '../object.js';
import type { Report } from '../report.js';
import { Task } from '../task.js';
import { found } from './found.js';

/** Everything that pointers lead to, through live memory: an embedded object keeps all that it is embedded in. */
const reach = (roots: readonly unknown[]): ReadonlySet<object> => {
  const seen = new Set<object>();
  const open: unknown[] = [...roots];
  const visit = (value: unknown): void => {
    if (typeof value === 'object' && value !== null && !seen.has(value)) open.push(value);
  };
  for (let value = open.pop(); value !== undefined || open.length > 0; value = open.pop()) {
    if (typeof value !== 'object' || value === null || seen.has(value)) continue;
    seen.add(value);
    // Freed memory is scanned by nobody; a task's stack is its own affair, see rootsOf().
    if (value instanceof Allocation || value instanceof Task) continue;
    if (value instanceof KObject && value.alloc.freed) continue;
    if (value instanceof Map) for (const [key, item] of value) [key, item].forEach(visit);
    else if (value instanceof Set || Array.isArray(value)) for (const item of value) visit(item);
    else for (const item of Object.values(value)) visit(item);
  }
  return seen;
};

/** Global variables, what tasks and workers stand on, armed timers. */
const rootsOf = (machine: Machine): unknown[] => [
  machine.globals,
  ...machine.clock.armed.keys(),
  ...machine.tasks.flatMap((task) => [
    ...task.held,
    task.bio_list,
    task.pending?.object,
    task.pending?.rest,
    // A lane that was started and has nothing to do knows its subject no more than a worker thread does.
    task.busy ? task.subject : undefined,
  ]),
];

/**
 * What kmemleak finds on a machine that has ended: memory of kmalloc(), kzalloc() and their kin that
 * was not freed, and to which no pointer leads from global variables, from armed timers or from `roots`.
 * An end with a task that is still in the middle of something has no leaks yet: its locals are roots
 * that nobody can see. Pointers in closures cannot be seen either: name what they hold in `roots`,
 * or say kmemleak_not_leak(). In order of allocation; class `leak`.
 */
export const leaks = (machine: Machine, roots: readonly unknown[] = []): Report[] => {
  if (machine.tasks.some((task) => !task.done && (!task.service || task.busy))) return [];
  const heap = heapOf(machine);
  if (heap.size === 0) return [];
  const reached = reach([...rootsOf(machine), ...roots]);
  return [...heap]
    .filter((object) => !object.alloc.freed && !isReached(object, reached))
    .map((object) =>
      found('leak', `kmemleak: unreferenced object ${object.label}`, object, [
        { role: 'allocated by', where: plainWhere(object.alloc.allocatedAt) },
      ]),
    );
};

/** By itself, or by something embedded in it, which reaches its container. */
const isReached = (object: KObject, reached: ReadonlySet<object>): boolean => reached.has(object);
