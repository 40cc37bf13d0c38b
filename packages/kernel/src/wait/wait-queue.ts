// SPDX-License-Identifier: GPL-2.0-only
import { makeStep } from '../kfn.js';
import { checkLive, checkPointer } from '../memory/check.js';
import { KObject } from '../object.js';
import { FULL, type Steps } from '../step.js';
import type { Task } from '../task.js';

/** One task on a wait queue. */
export class WaitEntry {
  woken = false;
  constructor(
    readonly task: Task,
    /** Woken alone, in the order of coming, where others are woken together. */
    readonly exclusive: boolean,
  ) {}
}

/** Kernel: wait_queue_head_t. */
export class wait_queue_head extends KObject {
  /** Registered and not exclusive: all are woken, so their order means nothing. */
  readonly entries = new Set<WaitEntry>();
  /** Registered and exclusive, in the order of coming. */
  readonly exclusive: WaitEntry[] = [];

  /** Registers before a sleep; who is registered keeps its place. */
  enter(entry: WaitEntry): void {
    entry.woken = false;
    if (!entry.exclusive) this.entries.add(entry);
    else if (!this.exclusive.includes(entry)) this.exclusive.push(entry);
  }

  leave(entry: WaitEntry): void {
    this.entries.delete(entry);
    const at = this.exclusive.indexOf(entry);
    if (at !== -1) this.exclusive.splice(at, 1);
  }

  /**
   * Kernel: __wake_up_common() with autoremove_wake_function(): all that are not exclusive, and the
   * first `nr` that are; who is woken is registered no more.
   */
  wake(nr: number): number {
    const woken = [...this.entries, ...this.exclusive.slice(0, nr)];
    for (const entry of woken) {
      this.leave(entry);
      entry.woken = true;
    }
    return woken.length;
  }
}

function* wake(op: string, pointer: wait_queue_head | null, nr: number): Steps<void> {
  const wq = checkPointer(pointer, 'head');
  const step = makeStep(op, wq, 'head', 'update', FULL);
  yield step;
  checkLive(wq);
  step.value = wq.wake(nr);
}

/** Kernel: wake_up(): every task whose wait is not exclusive, and one whose is; each tests its condition again. */
export const wake_up = (wq: wait_queue_head | null): Steps<void> => wake('wake_up', wq, 1);

/** Kernel: wake_up_nr(): as wake_up(), with `nr` exclusive ones. */
export const wake_up_nr = (wq: wait_queue_head | null, nr: number): Steps<void> => wake('wake_up_nr', wq, nr);

/** Kernel: wake_up_all(). */
export const wake_up_all = (wq: wait_queue_head | null): Steps<void> => wake('wake_up_all', wq, Infinity);

/** Kernel: waitqueue_active(): is anybody registered? Unordered: see the kernel's own warning about it. */
export function* waitqueue_active(pointer: wait_queue_head | null): Steps<boolean> {
  const wq = checkPointer(pointer, 'head');
  const step = makeStep('waitqueue_active', wq, 'head', 'read');
  yield step;
  checkLive(wq);
  const active = wq.entries.size > 0 || wq.exclusive.length > 0;
  step.value = active;
  return active;
}
