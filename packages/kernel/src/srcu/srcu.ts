// SPDX-License-Identifier: GPL-2.0-only
import { current, currentMachine } from '../current.js';
import { makeStep } from '../kfn.js';
import { E } from '../errno/errno.js';
import { checkLive, checkPointer, functionName } from '../memory/check.js';
import { refused, type Fallible } from '../memory/failable.js';
import { KObject } from '../object.js';
import { might_sleep } from '../sched/might-sleep.js';
import { operation, type Primitive } from '../operation.js';
import { ACQUIRE, elementOf, FULL, nothing, RELEASE, StepTraits, type Steps, type Touch } from '../step.js';
import type { Task } from '../task.js';
import { Unordered } from '../unordered.js';

/** One read section that is running. */
export class SrcuSection {
  constructor(
    /** Reader: the task that entered. */
    readonly task: Task,
    /**
     * What srcu_read_lock() gave it: smallest number free among the reader's sections; {@link HANDED_OVER} for one
     * that anybody may leave.
     */
    readonly idx: number,
    epoch: number,
  ) {
    this.#epoch = epoch;
  }

  readonly #epoch: number;

  /** {@link srcu_struct.epoch} when it began. */
  get epoch(): number {
    return this.#epoch;
  }
}

/** A section that srcu_down_read() entered. */
const HANDED_OVER = -1;

/**
 * Kernel: struct srcu_struct. Sections are kept one by one, so that a wait knows whom it waits for. Steps touch it in
 * `gp`, what an entry and the begin of a grace period meet in, and in an element of `left` for each epoch, where the ends
 * of sections that began in it meet the ends of grace periods that wait for such. So an end of a section commutes with
 * the begin of a grace period, and a later section with the end of one.
 */
export class srcu_struct extends KObject {
  readonly sections = new Unordered<SrcuSection>();
  cleanedUp = false;
  // How many have begun decides nothing: no state of the kernel, and so no plain field.
  #epoch = 0;
  readonly #leaveTraits: StepTraits[] = [];
  readonly #awaits: Touch[] = [];

  constructor(container?: KObject) {
    super(container);
    const guard = {
      activeAtFree: () =>
        this.sections.size === 0
          ? undefined
          : `WARNING: srcu_struct freed with ${srcu_readers(this).join(', ')} inside`,
    };
    (this.alloc.guards ??= []).push(guard);
  }

  /** How many grace periods have begun. */
  get epoch(): number {
    return this.#epoch;
  }

  /** A grace period begins. @returns the first epoch whose sections it does not wait for */
  begin(): number {
    return ++this.#epoch;
  }

  /** Is nobody inside any more of an epoch before this one? */
  hasLeft(epoch: number): boolean {
    return !this.sections.values().some((section) => section.epoch < epoch);
  }

  /** Of the end of a section that began in `epoch`. */
  leaveTraits(epoch: number): StepTraits {
    return (this.#leaveTraits[epoch] ??= new StepTraits({
      ordering: 'release',
      also: [{ object: this, field: elementOf('left', epoch), access: 'leave' }],
    }));
  }

  /** What the end of a grace period touches that waits for all sections of epochs before this one. */
  awaitsBefore(epoch: number): readonly Touch[] {
    for (let at = this.#awaits.length; at < epoch; at++) {
      this.#awaits.push({ object: this, field: elementOf('left', at), access: 'await' });
    }
    return this.#awaits.slice(0, epoch);
  }
}

/** Names of the tasks that are inside a read section, sorted. For reports and observers; no step. */
export const srcu_readers = (ss: srcu_struct): string[] => [...ss.sections].map(({ task }) => task.name).sort();

const check = (ss: srcu_struct): void => {
  checkLive(ss);
  if (!ss.cleanedUp) return;
  currentMachine().oops(
    'null-dereference',
    `BUG: kernel NULL pointer dereference in ${functionName()}: srcu_struct after cleanup_srcu_struct`,
    ss,
  );
};

const sectionOf = (ss: srcu_struct, task: Task, idx: number): SrcuSection | undefined => {
  for (const section of ss.sections.values()) if (section.task === task && section.idx === idx) return section;
  return undefined;
};

/** Kernel: init_srcu_struct(). Context: may sleep. @returns 0; with `mayFail` perhaps -ENOMEM */
export function* init_srcu_struct(pointer: srcu_struct | null, options: Fallible = {}): Steps<number> {
  const ss = checkPointer(pointer, 'sda');
  if (yield* refused('init_srcu_struct', 'srcu_struct', options)) return -E.ENOMEM;
  yield makeStep('init_srcu_struct', ss, 'gp', 'write', FULL);
  checkLive(ss);
  ss.cleanedUp = false;
  ss.sections.clear();
  return 0;
}

const READ_LOCK: Primitive<srcu_struct, undefined, number> = {
  op: 'srcu_read_lock',
  access: 'read',
  traits: ACQUIRE,
  pointerField: 'sda',
  effect: (step, ss) => {
    check(ss);
    const task = current();
    let idx = 0;
    if (ss.sections.size > 0) while (sectionOf(ss, task, idx) !== undefined) idx++;
    ss.sections.add(new SrcuSection(task, idx, ss.epoch));
    step.value = idx;
    return idx;
  },
};

const READ_UNLOCK: Primitive<srcu_struct, number, void> = {
  op: 'srcu_read_unlock',
  access: 'use',
  traits: RELEASE,
  pointerField: 'sda',
  before: (step, ss) => {
    const section = sectionOf(ss, current(), step.argument);
    if (section !== undefined) step.traits = ss.leaveTraits(section.epoch);
  },
  effect: (step, ss) => {
    check(ss);
    const idx = step.argument;
    const section = sectionOf(ss, current(), idx);
    if (section === undefined) {
      currentMachine().report(
        'warning',
        `WARNING: bad unlock balance detected! srcu_read_unlock of index ${String(idx)}`,
        ss,
      );
      return;
    }
    ss.sections.delete(section);
    step.value = idx;
  },
};

/** Kernel: srcu_read_lock(). Never waits. @returns the index to give to srcu_read_unlock() */
export const srcu_read_lock = (pointer: srcu_struct | null): Steps<number> =>
  operation(READ_LOCK, pointer, 'gp', undefined);

/** Kernel: srcu_read_unlock(). An index that srcu_read_lock() did not give is reported. */
export const srcu_read_unlock = (pointer: srcu_struct | null, idx: number): Steps<void> =>
  operation(READ_UNLOCK, pointer, 'gp', idx);

const DOWN_READ: Primitive<srcu_struct, undefined, SrcuSection> = {
  op: 'srcu_down_read',
  access: 'read',
  traits: ACQUIRE,
  pointerField: 'sda',
  effect: (_step, ss) => {
    check(ss);
    const section = new SrcuSection(current(), HANDED_OVER, ss.epoch);
    ss.sections.add(section);
    return section;
  },
};

const UP_READ: Primitive<srcu_struct, SrcuSection, void> = {
  op: 'srcu_up_read',
  access: 'use',
  traits: RELEASE,
  pointerField: 'sda',
  before: (step, ss) => {
    step.traits = ss.leaveTraits(step.argument.epoch);
  },
  effect: (step, ss) => {
    check(ss);
    const section = step.argument;
    if (ss.sections.has(section)) ss.sections.delete(section);
    else currentMachine().report('warning', 'WARNING: bad unlock balance detected! srcu_up_read', ss);
  },
};

/** Kernel: srcu_down_read(): a read section that another task, or an interrupt, may leave. @returns what leaves it */
export const srcu_down_read = (pointer: srcu_struct | null): Steps<SrcuSection> =>
  operation(DOWN_READ, pointer, 'gp', undefined);

/** Kernel: srcu_up_read(). Twice is reported. Context: any. */
export const srcu_up_read = (pointer: srcu_struct | null, section: SrcuSection): Steps<void> =>
  operation(UP_READ, pointer, 'gp', section);

/**
 * Waits for every read section that began before it, and for none that began later.
 * The begin and the end are a step each, also when nobody was inside.
 * Kernel: synchronize_srcu(). Context: may sleep; not inside a section of the same srcu_struct.
 */
export function* synchronize_srcu(pointer: srcu_struct | null): Steps<void> {
  const ss = checkPointer(pointer, 'sda');
  might_sleep('synchronize_srcu', ss);
  yield makeStep('synchronize_srcu', ss, 'gp', 'update', { ordering: 'full', tells: nothing });
  check(ss);
  const began = ss.begin();
  const machine = currentMachine();
  const waited = [...ss.sections];
  if (waited.some(({ task, idx }) => task === current() && idx !== HANDED_OVER)) {
    machine.report(
      'deadlock',
      'Illegal synchronize_srcu() in same-type SRCU (or in RCU) read-side critical section',
      ss,
    );
  }
  const step = makeStep('synchronize_srcu_end', ss, 'gp', 'use', {
    ordering: 'full',
    tells: nothing,
    enabled: () => ss.alloc.freedAt !== undefined || ss.hasLeft(began),
    waitsFor: () => began,
    // Of those that have left already too: what they did comes before what follows.
    also: ss.awaitsBefore(began),
  });
  if (waited.length > 0) step.value = waited.map((section) => section.task.name).sort();
  yield step;
  // Whom it waited for is nobody's business any more: who left just before it began has been waited for as well.
  step.value = undefined;
  check(ss);
}

/** Kernel: cleanup_srcu_struct(). With a reader inside it warns and leaks, as the kernel does. */
export function* cleanup_srcu_struct(pointer: srcu_struct | null): Steps<void> {
  const ss = checkPointer(pointer, 'sda');
  yield makeStep('cleanup_srcu_struct', ss, 'gp', 'write', { ordering: 'full', tells: nothing });
  check(ss);
  if (ss.sections.size > 0) {
    currentMachine().report(
      'warning',
      `WARNING: cleanup_srcu_struct: srcu_readers_active: ${srcu_readers(ss).join(', ')}`,
      ss,
    );
    return;
  }
  ss.cleanedUp = true;
}
