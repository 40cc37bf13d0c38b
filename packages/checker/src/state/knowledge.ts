// SPDX-License-Identifier: GPL-2.0-only
import {
  Activation,
  srcu_struct,
  work_struct,
  type CallWatcher,
  type Machine,
  type Step,
  type Task,
} from '@libmultipath/kernel';
import type { Contents } from './contents.js';
import { Fingerprint, type Names } from './fingerprint.js';
import { FrameChain } from './frame-chain.js';
import { addLearned, addResult } from './learned.js';
import type { ObjectNames } from './object-names.js';
import type { Places } from './places.js';

const WAITED = 0x51ac;

/** A wait that has a begin and an end, of which the task learns no more than that it is over. */
const BEGINS: ReadonlySet<string> = new Set(['synchronize_srcu', 'flush_work']);
const ENDS: ReadonlySet<string> = new Set(['synchronize_srcu_end', 'flush_work_end']);

const isWaitedFor = ({ object }: Step): boolean => object instanceof srcu_struct || object instanceof work_struct;

const RESTS = 0x7e57;
const CALLED = 0xca11;
const RETURNED = 0x4e7a;
const UNWOUND = 0x0b0e;

/** What one step of the path changed, to be undone. */
interface Mark {
  /** Task that takes the step, what it knew before, and before a grace period that it waits for. */
  task: number;
  knew: FrameChain | undefined;
  waited: FrameChain | undefined;
  /** Tasks that existed. */
  tasks: number;
}

/**
 * What each task knows: for each kernel function that it is in, a chain over what the function
 * was told, by its steps and by those it called. Its locals follow from that. A function that
 * has returned leaves its result and what it did to plain objects that it was given; memory
 * is told elsewhere; or its whole chain, for a search that is to forget nothing. At a rest point a task knows what the point declares, and nothing else.
 */
export class Knowledge implements CallWatcher {
  /** Names of tasks by position in the machine's list, the same in every run. */
  readonly ids: number[] = [];
  /** Steps that are booked. */
  booked = 0;
  private readonly tops: (FrameChain | undefined)[] = [];
  private readonly waited: (FrameChain | undefined)[] = [];
  private readonly marks: Mark[] = [];
  private readonly fp = new Fingerprint();
  /** The step under way, until it is part of what its task knows, and what it told before its effect. */
  private step: Step | undefined = undefined;
  private running: Task | undefined = undefined;
  private toldA = 0;
  private toldB = 0;

  constructor(
    private readonly names: Names,
    private readonly places: Places,
    private readonly objects: ObjectNames,
    private readonly contents: Contents,
    private readonly forgets: boolean,
  ) {}

  /** A step was begun and has not ended. */
  get open(): boolean {
    return this.running !== undefined;
  }

  /** All that the task knows. */
  of({ index }: Task): FrameChain | undefined {
    return this.tops[index];
  }

  /** Goes back to before the step of `depth`. */
  rewind(depth: number): void {
    this.running = undefined;
    if (depth >= this.booked) return;
    for (let d = this.booked - 1; d >= depth; d--) {
      const mark = this.marks[d];
      if (mark === undefined) continue;
      this.tops[mark.task] = mark.knew;
      this.waited[mark.task] = mark.waited;
    }
    const count = this.marks[depth]?.tasks ?? 0;
    this.tops.length = count;
    this.waited.length = count;
    this.ids.length = count;
    this.booked = depth;
  }

  /** Gives names to the tasks that are new; what a new one knows is what its maker knew, unless it rests. */
  meet({ tasks }: Machine, maker?: FrameChain): void {
    for (let i = this.ids.length; i < tasks.length; i++) {
      const task = tasks[i];
      if (task === undefined) return;
      this.ids[i] = this.nameOf(task);
      let top = new FrameChain(maker?.sumA ?? 0, maker?.sumB ?? 0, undefined);
      for (let { frame } = task; frame !== undefined; frame = frame.caller) {
        if (frame instanceof Activation) top = new FrameChain(CALLED, 0, top);
      }
      this.tops[i] = top;
      this.waited[i] = undefined;
      this.atRest(task);
    }
  }

  /** A task by its name, or by what it serves. */
  idOf(task: Task): number {
    return this.ids[task.index] ?? this.nameOf(task);
  }

  /** The step that `task` is about to take. */
  before(depth: number, step: Step, task: Task, machine: Machine): void {
    const { index } = task;
    this.meet(machine);
    const knew = this.tops[index];
    this.marks[depth] = { task: index, knew, waited: this.waited[index], tasks: this.ids.length };
    this.booked = depth + 1;
    this.running = task;
    this.step = step;
    this.fp.start(knew?.a ?? 0, knew?.b ?? 0);
    addLearned(step, this.fp, this.contents);
    this.toldA = this.fp.a;
    this.toldB = this.fp.b;
  }

  /** The step was taken. */
  after(task: Task, machine: Machine): void {
    this.take();
    this.running = undefined;
    this.meet(machine, this.tops[task.index]);
    this.atRest(task);
  }

  called(task: Task): void {
    if (task !== this.running) return;
    this.take();
    this.tops[task.index] = new FrameChain(CALLED, 0, this.tops[task.index]);
  }

  returned(task: Task, call: Activation<unknown>, result: unknown): void {
    if (task !== this.running) return;
    this.take();
    const callee = this.tops[task.index];
    const caller = callee?.below;
    if (callee === undefined || caller === undefined) return;
    const { fp, contents } = this;
    contents.telling = this.forgets;
    fp.start(caller.a, caller.b).add(RETURNED).add(this.names.of(call.fn));
    if (this.forgets) {
      contents.add(result, fp);
      for (const arg of call.args) contents.addPlain(arg, fp);
    }
    // What a closure has done to what it closes over nobody can see.
    if (call.isClosure || !contents.telling) fp.add(callee.a).add(callee.b);
    fp.finish();
    this.tops[task.index] = new FrameChain(fp.a, fp.b, caller.below);
  }

  unwound(task: Task): void {
    if (task !== this.running) return;
    this.take();
    const callee = this.tops[task.index];
    const caller = callee?.below;
    if (callee === undefined || caller === undefined) return;
    const { a, b } = this.fp.start(caller.a, caller.b).add(UNWOUND).add(callee.a).add(callee.b).finish();
    this.tops[task.index] = new FrameChain(a, b, caller.below);
  }

  /** Makes the step under way part of what its task knows. */
  private take(): void {
    const { step, running, fp } = this;
    if (step === undefined || running === undefined) return;
    this.step = undefined;
    const top = this.tops[running.index];
    fp.start(this.toldA, this.toldB);
    addResult(step, fp, this.contents);
    this.addSite(step);
    this.afterWait(step, running, top);
    this.tops[running.index] = new FrameChain(fp.a, fp.b, top?.below);
  }

  private addSite(step: Step): void {
    const { fp, names } = this;
    fp.add(names.of(step.fn))
      .add(names.of(step.op))
      .add(names.of(step.field))
      .add(this.objects.of(step.object))
      .add(step.nth)
      .add(step.branch)
      .finish();
  }

  /** Who waits for readers, or for a work, knows them until the wait is over, and then no more than that it is. */
  private afterWait(step: Step, { index }: Task, before: FrameChain | undefined): void {
    const { fp, names } = this;
    if (!isWaitedFor(step)) return;
    if (BEGINS.has(step.op)) this.waited[index] = before;
    if (!ENDS.has(step.op)) return;
    const knew = this.waited[index];
    fp.start(knew?.a ?? 0, knew?.b ?? 0)
      .add(WAITED)
      .add(names.of(step.fn))
      .add(this.objects.of(step.object))
      .finish();
    this.waited[index] = undefined;
  }

  private atRest(task: Task): void {
    const { pending } = task;
    const top = this.tops[task.index];
    if (pending?.rest === undefined || top === undefined) return;
    const { fp, names } = this;
    fp.start(RESTS, 0).add(names.of(pending.op)).add(names.of(pending.field));
    fp.add(this.objects.of(pending.object)).add(pending.nth);
    for (const fn of task.stack()) fp.add(names.of(fn));
    this.contents.add(pending.rest, fp);
    fp.finish();
    this.tops[task.index] = top.resting(fp.a, fp.b);
  }

  private nameOf(task: Task): number {
    const { subject } = task;
    if (subject === undefined) return this.names.of(`task ${this.places.task(task.name)}`);
    return this.names.of(`lane ${String(this.objects.of(subject))} ${task.kind}`);
  }
}
