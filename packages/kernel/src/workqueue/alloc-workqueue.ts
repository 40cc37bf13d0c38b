// SPDX-License-Identifier: GPL-2.0-only
import { currentMachine } from '../current.js';
import { refused, type Fallible } from '../memory/failable.js';
import type { Steps } from '../step.js';
import { __WQ_ORDERED, WQ_HIGHPRI, WQ_MEM_RECLAIM, WQ_UNBOUND } from './flags.js';
import { workqueue_struct, type WorkqueueOptions } from './workqueue-struct.js';

function* perhaps(call: string, options: Fallible, make: () => workqueue_struct): Steps<workqueue_struct | null> {
  return (yield* refused(call, 'workqueue_struct', options)) ? null : make();
}

/**
 * Kernel: alloc_workqueue(). Fresh memory is no step: call it without yield*; where it may fail it
 * is one, and gives NULL then.
 */
export function alloc_workqueue(
  name: string,
  options: WorkqueueOptions & Required<Fallible>,
): Steps<workqueue_struct | null>;
export function alloc_workqueue(name: string, options?: WorkqueueOptions): workqueue_struct;
export function alloc_workqueue(
  name: string,
  options: WorkqueueOptions & Fallible = {},
): workqueue_struct | Steps<workqueue_struct | null> {
  const make = (): workqueue_struct => new workqueue_struct(name, options);
  return options.mayFail === undefined ? make() : perhaps('alloc_workqueue', options, make);
}

/** Kernel: alloc_ordered_workqueue(): one work at a time, in order of queueing, whatever the CPU. */
export const alloc_ordered_workqueue = (name: string, flags = 0): workqueue_struct =>
  new workqueue_struct(name, { flags: flags | WQ_UNBOUND | __WQ_ORDERED, maxActive: 1 });

const globalQueue = (name: string, flags: number): workqueue_struct => {
  const { globals } = currentMachine();
  const known = globals.get(name);
  if (known instanceof workqueue_struct) return known;
  const wq = new workqueue_struct(name, { flags });
  globals.set(name, wq);
  return wq;
};

/** The block layer's workqueue, a global of the machine: bound, with a rescuer. */
export const kblockd = (): workqueue_struct => globalQueue('kblockd', WQ_MEM_RECLAIM | WQ_HIGHPRI);

/** The workqueue of schedule_work(), a global of the machine: bound. */
export const system_wq = (): workqueue_struct => globalQueue('events', 0);

/** For works that take long; bound. */
export const system_long_wq = (): workqueue_struct => globalQueue('events_long', 0);

/** For works that may run anywhere. */
export const system_unbound_wq = (): workqueue_struct => globalQueue('events_unbound', WQ_UNBOUND);
