// SPDX-License-Identifier: GPL-2.0-only
import {
  srcu_struct,
  WHOLE,
  type Allocation,
  type KObject,
  type Machine,
  type Step,
  type Task,
} from '@libmultipath/kernel';
import { baseOf } from './base-of.js';
import { exactly, Values, type Exact } from './exact-steps.js';
import { Fingerprint, type Names } from './fingerprint.js';
import { Mark, markOf } from './mark.js';
import { ObjectNames } from './object-names.js';
import type { Places } from './places.js';
import { Slots, type Slot } from './slots.js';
import { isSrcu } from './srcu-steps.js';

const SYNCHRONIZED = 0x51ac;

/**
 * The fingerprint of the machine's state, kept up step by step instead of walked: what each
 * task knows (all it ever learned, by what its steps are known to tell), and what stands
 * behind each field that a step touched. Two paths with one fingerprint lead to states that
 * go on alike. docs/decisions/0007 says why.
 */
export class RunningState {
  a = 0;
  b = 0;
  private readonly fp = new Fingerprint();
  private readonly objects: ObjectNames;
  private readonly values: Values;
  private readonly slots = new Slots();
  private readonly marks: Mark[] = [];
  private readonly knowsA: number[] = [];
  private readonly knowsB: number[] = [];
  private readonly ids: number[] = [];
  private readonly taken: number[] = [];
  /** Steps that are booked. */
  booked = 0;
  /** A step was begun and has not ended. */
  open = false;
  /** From this depth on something could not be named; the states have no fingerprint. */
  private blindFrom = Infinity;
  /* The step under way. */
  private exact: Exact | undefined = undefined;
  private learnedA = 0;
  private learnedB = 0;
  private readonly touched: { slot: Slot; access: string }[] = [];

  /** @param places who stands in whose place */
  constructor(
    private readonly names: Names,
    private readonly places: Places,
  ) {
    this.objects = new ObjectNames(names, (alloc) => this.makerOf(alloc));
    this.values = new Values(names, this.objects, (task) => this.idOf(task));
  }

  /** Names of objects, the same in every run. */
  get objectNames(): ObjectNames {
    return this.objects;
  }

  /** Number of a task by its name or by what it serves, the same in every run; met by {@link before}. */
  taskName(task: Task, machine: Machine): number {
    this.meet(machine);
    return this.idOf(task);
  }

  /** Adds text to what the state's fingerprint is made of. */
  hashOf(text: string): Fingerprint {
    return this.fp.start(this.a, this.b).addText(text).finish();
  }

  /** Has the present state a fingerprint? */
  get told(): boolean {
    return this.booked <= this.blindFrom;
  }

  /** Goes back to the state before the step of `depth`. */
  rewind(depth: number): void {
    this.open = false;
    if (depth >= this.booked) return;
    for (let d = this.booked - 1; d >= depth; d--) {
      const mark = this.markAt(d);
      this.knowsA[mark.task] = mark.knewA;
      this.knowsB[mark.task] = mark.knewB;
      this.taken[mark.task] = mark.taken;
    }
    const mark = this.markAt(depth);
    this.slots.undo(mark.log);
    this.a = mark.sumA;
    this.b = mark.sumB;
    this.ids.length = mark.tasks;
    this.knowsA.length = mark.tasks;
    this.knowsB.length = mark.tasks;
    this.taken.length = mark.tasks;
    this.booked = depth;
    if (depth <= this.blindFrom) this.blindFrom = Infinity;
  }

  /** The step that `task` is about to take: what it will learn. */
  before(depth: number, step: Step, task: Task, machine: Machine): void {
    const mark = this.markAt(depth);
    this.meet(machine);
    mark.sumA = this.a;
    mark.sumB = this.b;
    mark.log = this.slots.mark();
    mark.tasks = this.ids.length;
    mark.task = task.index;
    mark.knewA = this.knowsA[task.index] ?? 0;
    mark.knewB = this.knowsB[task.index] ?? 0;
    mark.taken = this.taken[task.index] ?? 0;
    mark.allocated = machine.allocated;
    this.booked = depth + 1;
    this.open = true;
    this.markAt(depth + 1).allocated = Infinity;
    this.learn(step);
  }

  /** The step was taken. */
  after(step: Step, task: Task): void {
    const { index } = task;
    const mark = this.markAt(this.booked - 1);
    this.open = false;
    this.know(index, this.whatIsKnown(step, mark));
    this.taken[index] = mark.taken + 1;
    if (isSrcu(step)) this.afterSrcu(step, task, mark);
    else if (this.exact === undefined) this.changeUntold(index);
    else this.changeExactly(step, this.exact, index);
  }

  private markAt(depth: number): Mark {
    return (this.marks[depth] ??= new Mark());
  }

  private meet(machine: Machine): void {
    const { tasks } = machine;
    for (let i = this.ids.length; i < tasks.length; i++) {
      const task = tasks[i];
      this.knowsA[i] = 0;
      this.knowsB[i] = 0;
      this.taken[i] = 0;
      this.ids[i] = 0;
      if (task !== undefined) this.ids[i] = this.nameOf(task);
    }
  }

  private nameOf(task: Task): number {
    const { subject } = task;
    if (subject === undefined) return this.names.of(`task ${this.places.task(task.name)}`);
    const name = this.objects.of(subject);
    if (name === undefined) this.blind();
    return this.names.of(`lane ${String(name)} ${task.kind}`);
  }

  private idOf(task: Task): number {
    return this.ids[task.index] ?? this.nameOf(task);
  }

  /** Task, steps it had taken, and number within the step; of what the program made, its number. */
  private makerOf({ id }: Allocation): string {
    const mark = markOf(this.marks, this.booked, id);
    if (mark === undefined) return `the program ${String(this.places.allocation(id))}`;
    return `${String(this.ids[mark.task])} ${String(mark.taken)} ${String(id - mark.allocated)}`;
  }

  private blind(): void {
    if (this.booked < this.blindFrom) this.blindFrom = Math.max(0, this.booked - 1);
  }

  private slotOf(object: KObject, field: string): Slot | undefined {
    const name = this.objects.of(object);
    if (name === undefined) {
      this.blind();
      return undefined;
    }
    return this.slots.at(name, this.objects.ofAllocation(object.alloc), field);
  }

  /** Before the effect: what the step tells its task goes into `learned`. */
  private learn(step: Step): void {
    const { fp, touched } = this;
    this.exact = step.object.alloc.freed ? undefined : exactly(step);
    touched.length = 0;
    fp.start(0, 0);
    const base = baseOf(step.field);
    this.touch(step.object, step.field, step.access);
    if (isSrcu(step)) {
      const [first] = touched;
      if (first !== undefined && step.op === 'synchronize_srcu') fp.add(first.slot.valueA).add(first.slot.valueB);
      this.addVersions(false);
    } else {
      const { exact } = this;
      const learned = exact?.learns(step, base, this.values);
      const [first] = touched;
      if (
        exact === undefined ||
        learned === undefined ||
        first === undefined ||
        !this.knowsStart(step, base, exact, first.slot)
      ) {
        this.exact = undefined;
        for (const { object, field, access } of step.also ?? []) this.touch(object, field, access);
        this.addContents(step);
      } else {
        fp.add(learned);
        this.addVersions(step.access === 'add');
      }
    }
    this.learnedA = fp.a;
    this.learnedB = fp.b;
  }

  /** Keeps what the field held before the first step that touches it: putting it back is no change. */
  private knowsStart(step: Step, base: string, exact: Exact, slot: Slot): boolean {
    if (slot.started) return true;
    const into = new Fingerprint();
    if (!exact.view(step, base, into, this.values)) return false;
    into.finish();
    this.slots.save(slot);
    slot.started = true;
    slot.startA = into.a;
    slot.startB = into.b;
    return true;
  }

  private touch(object: KObject, field: string, access: string): void {
    const slot = this.slotOf(object, baseOf(field));
    if (slot !== undefined) this.touched.push({ slot, access });
  }

  /** What only the footprint tells of the fields that an exact step touches. */
  private addVersions(commuting: boolean): void {
    for (const { slot } of this.touched) {
      this.fp.add(slot.versionA).add(slot.versionB);
      if (!commuting) this.fp.add(slot.addsA).add(slot.addsB);
      this.addWhole(slot);
    }
  }

  private addWhole(slot: Slot): void {
    const whole = this.slots.wholeOf(slot);
    if (whole !== undefined) this.fp.add(whole.versionA).add(whole.versionB);
  }

  private addContents(step: Step): void {
    const { fp } = this;
    for (const { slot, access } of this.touched) {
      fp.add(slot.versionA).add(slot.versionB);
      if (access !== 'add') fp.add(slot.addsA).add(slot.addsB).add(slot.valueA).add(slot.valueB);
      this.addWhole(slot);
    }
    if (step.field !== WHOLE && step.also?.some(({ field }) => field === WHOLE) !== true) return;
    // A free meets everything that ever happened in the memory.
    for (const { slot } of this.touched) {
      if (!slot.whole) continue;
      const { a, b } = this.slots.sumWithin(slot);
      fp.add(a).add(b);
    }
  }

  private whatIsKnown(step: Step, mark: Mark): Fingerprint {
    const { fp, names } = this;
    fp.start(mark.knewA, mark.knewB)
      .add(names.of(step.fn))
      .add(names.of(step.op))
      .add(names.of(step.field))
      .add(this.objects.of(step.object) ?? 0)
      .add(step.nth)
      .add(step.branch)
      .add(this.learnedA)
      .add(this.learnedB);
    return fp.finish();
  }

  private know(index: number, { a, b }: Fingerprint): void {
    this.addTask(index, -1);
    this.knowsA[index] = a;
    this.knowsB[index] = b;
    this.addTask(index, 1);
  }

  /** Adds a task's share to the sum, or takes it away. */
  private addTask(index: number, sign: number): void {
    const a = this.knowsA[index] ?? 0;
    const b = this.knowsB[index] ?? 0;
    if (a === 0 && b === 0) return;
    const { fp } = this;
    fp.start(this.ids[index] ?? 0, 0x7a5c)
      .add(a)
      .add(b)
      .finish();
    this.a = (this.a + sign * fp.a) | 0;
    this.b = (this.b + sign * fp.b) | 0;
  }

  private changeUntold(index: number): void {
    const a = this.knowsA[index] ?? 0;
    const b = this.knowsB[index] ?? 0;
    for (const { slot, access } of this.touched) {
      if (access === 'read') continue;
      this.slots.save(slot);
      if (access === 'add') {
        slot.addsA = (slot.addsA + a) | 0;
        slot.addsB = (slot.addsB + b) | 0;
      } else {
        this.fp
          .start(slot.versionA, slot.versionB)
          .add(slot.addsA)
          .add(slot.addsB)
          .add(slot.valueA)
          .add(slot.valueB)
          .add(a)
          .add(b)
          .finish();
        slot.versionA = this.fp.a;
        slot.versionB = this.fp.b;
        slot.addsA = 0;
        slot.addsB = 0;
      }
      this.share(slot);
    }
  }

  private changeExactly(step: Step, exact: Exact, index: number): void {
    const [first] = this.touched;
    if (first === undefined) return;
    const { slot } = first;
    const { fp } = this;
    fp.start(0, 0);
    if (!exact.view(step, baseOf(step.field), fp, this.values)) return this.changeUntold(index);
    fp.finish();
    const back = fp.a === slot.startA && fp.b === slot.startB;
    this.hold(slot, back ? 0 : fp.a, back ? 0 : fp.b);
  }

  private hold(slot: Slot, a: number, b: number): void {
    if (slot.valueA === a && slot.valueB === b) return;
    this.slots.save(slot);
    slot.valueA = a;
    slot.valueB = b;
    this.share(slot);
  }

  private share(slot: Slot): void {
    this.a = (this.a - slot.shareA) | 0;
    this.b = (this.b - slot.shareB) | 0;
    slot.computeShare(this.fp);
    this.a = (this.a + slot.shareA) | 0;
    this.b = (this.b + slot.shareB) | 0;
  }

  /**
   * A reader leaves a mark of its own while it is inside. Who waits for readers knows them
   * until the wait is over, and then no more than that it is.
   */
  private afterSrcu(step: Step, task: Task, mark: Mark): void {
    const { index } = task;
    const { object } = step;
    const [first] = this.touched;
    if (!(object instanceof srcu_struct) || first === undefined) return;
    if (step.op === 'srcu_read_lock' || step.op === 'srcu_read_unlock') {
      const own = this.slotOf(object, `reader ${String(this.ids[index])}`);
      if (own === undefined) return;
      let inside = false;
      for (const section of object.sections) inside ||= section.task === task;
      // Who it is counts, not only what it knows: two that did the same are waited for one by one.
      const { a, b } = this.fp
        .start(this.ids[index] ?? 0, 0x12ead)
        .add(this.knowsA[index] ?? 0)
        .add(this.knowsB[index] ?? 0)
        .finish();
      const [nowA, nowB] = inside ? [a, b] : [0, 0];
      this.hold(first.slot, (first.slot.valueA - own.valueA + nowA) | 0, (first.slot.valueB - own.valueB + nowB) | 0);
      this.hold(own, nowA, nowB);
      return;
    }
    const before = this.slots.at(0, 0, `before the wait of ${String(this.ids[index])}`);
    if (step.op === 'synchronize_srcu') {
      if (task.pending?.op === 'synchronize_srcu_end') return this.hold(before, mark.knewA, mark.knewB);
      this.know(index, this.waited(mark.knewA, mark.knewB));
    } else if (before.valueA !== 0 || before.valueB !== 0) {
      const known = this.waited(before.valueA, before.valueB);
      const { a, b } = known;
      this.hold(before, 0, 0);
      this.know(index, this.fp.start(a, b));
    }
  }

  private waited(a: number, b: number): Fingerprint {
    const { fp } = this;
    return fp.start(a, b).add(SYNCHRONIZED).finish();
  }
}
