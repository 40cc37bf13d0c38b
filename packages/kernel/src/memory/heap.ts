// SPDX-License-Identifier: GPL-2.0-only
import { currentMachine } from '../current.js';
import type { Machine } from '../machine.js';
import type { KObject } from '../object.js';

/*
 * What kmalloc() and kzalloc() gave and kfree() has not taken back: what can leak. Objects that a
 * program or environment makes with `new` are the kernel's statics. No state of its own: it
 * follows from the allocations.
 */
const heaps = new WeakMap<Machine, Set<KObject>>();

/** The objects that were allocated and not freed, in order of allocation. */
export const heapOf = (machine: Machine): ReadonlySet<KObject> => heaps.get(machine) ?? new Set<KObject>();

/** Books memory whose owner has to free it. For primitives that allocate (kmemleak_alloc()). */
export const kmemleak_alloc = <T extends KObject>(object: T): T => {
  const machine = currentMachine();
  const heap = heaps.get(machine);
  if (heap === undefined) heaps.set(machine, new Set<KObject>([object]));
  else heap.add(object);
  return object;
};

/** Kernel: kmemleak_free(). */
export const kmemleak_free = (object: KObject): void => {
  heaps.get(currentMachine())?.delete(object);
};

/** Kernel: kmemleak_not_leak(): the pointer to it is where no scan can see it, e.g. in a closure. */
export const kmemleak_not_leak = kmemleak_free;
