// SPDX-License-Identifier: GPL-2.0-only
import { current, currentMachine } from '../current.js';
import type { KObject } from '../object.js';
import type { Task } from '../task.js';

/** Is `to` among the locks that were taken, directly or further on, while `from` was held? */
const leadsTo = (order: ReadonlyMap<KObject, ReadonlySet<KObject>>, from: KObject, to: KObject): boolean => {
  const seen = new Set<KObject>([from]);
  for (const lock of seen) {
    if (lock === to) return true;
    for (const next of order.get(lock) ?? []) seen.add(next);
  }
  return false;
};

/** Locks after which it is worth looking for those that are gone. */
const MANY = 256;

/** Adds; locks whose memory was freed can be in no order any more, and a long run has many. */
function note(seen: Set<KObject>, lock: KObject): void;
function note(seen: Map<KObject, Set<KObject>>, lock: KObject, after: Set<KObject>): void;
function note(seen: Set<KObject> | Map<KObject, Set<KObject>>, lock: KObject, after?: Set<KObject>): void {
  if (seen.size % MANY === MANY - 1) for (const old of seen.keys()) if (old.alloc.freed) seen.delete(old);
  if (seen instanceof Set) seen.add(lock);
  else if (after !== undefined) seen.set(lock, after);
}

/**
 * Called when a task asks for a lock: reports recursion and an order that is the inverse
 * of one seen before in this run, whether or not they deadlock this time. No access.
 */
export const checkOrder = (lock: KObject): void => {
  const task = current();
  const machine = currentMachine();
  if (task.held.includes(lock)) {
    machine.report('deadlock', 'WARNING: possible recursive locking detected', lock);
    return;
  }
  for (const held of task.held) {
    const after = machine.lockOrder.get(held);
    if (after?.has(lock) === true) continue;
    if (leadsTo(machine.lockOrder, lock, held)) {
      machine.report(
        'lock-order',
        `WARNING: possible circular locking dependency detected: ${held.label} before ${lock.label}`,
        lock,
      );
    }
    if (after === undefined) note(machine.lockOrder, held, new Set([lock]));
    else note(after, lock);
  }
};

/** Books the lock as held by the task. */
export const hold = (task: Task, lock: KObject): void => {
  task.held.push(lock);
};

/** Books the release; reports when the task does not hold the lock. @returns false then */
export const letGo = (task: Task, lock: KObject): boolean => {
  const at = task.held.lastIndexOf(lock);
  if (at === -1) {
    currentMachine().report('warning', 'WARNING: bad unlock balance detected!', lock);
    return false;
  }
  task.held.splice(at, 1);
  return true;
};

/** Lets a free of the lock's memory ask whether it is held. */
export const guardLock = (lock: KObject, isHeld: () => boolean): void => {
  const guard = { activeAtFree: () => (isHeld() ? `WARNING: held lock freed! ${lock.label}` : undefined) };
  (lock.alloc.guards ??= []).push(guard);
};
