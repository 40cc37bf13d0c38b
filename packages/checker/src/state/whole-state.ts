// SPDX-License-Identifier: GPL-2.0-only
import { srcu_struct, type CallWatcher, type Machine, type Step, type Task } from '@libmultipath/kernel';
import { ENABLED } from '../search-node.js';
import { Contents } from './contents.js';
import { Fingerprint, type Names } from './fingerprint.js';
import { Knowledge } from './knowledge.js';
import { ObjectNames } from './object-names.js';
import type { Places } from './places.js';

const DONE = 0x0d0e;
const ORDER = 0x10c4;

/**
 * The state of a machine as one number: all that its memory holds, and what each task knows.
 * Two paths with one fingerprint lead to states that go on alike; docs/decisions/0007 says
 * why. Knowledge is kept up step by step, and memory is walked where a state is compared.
 */
export class WholeState {
  /** Names of objects, the same in every run. */
  readonly objects: ObjectNames;
  readonly knowledge: Knowledge;
  private readonly contents: Contents;
  private readonly fp = new Fingerprint();

  /**
   * @param places who stands in whose place
   * @param forgets a task forgets what functions knew that have returned
   */
  constructor(names: Names, places: Places, forgets: boolean) {
    this.objects = new ObjectNames(names, places, (index) => this.knowledge.ids[index] ?? 0);
    this.contents = new Contents(names, this.objects, (task) => this.knowledge.idOf(task));
    this.knowledge = new Knowledge(names, places, this.objects, this.contents, forgets);
  }

  /** Meets what functions are called with and give. */
  get primer(): CallWatcher {
    const { contents, fp } = this;
    return {
      called: () => undefined,
      returned: (_task, { args }, result) => {
        contents.add(result, fp);
        for (const arg of args) contents.addPlain(arg, fp);
      },
      unwound: () => undefined,
    };
  }

  /** Before a run that leaves the path of the one before at `depth`. */
  begin(depth: number): void {
    this.contents.begin();
    this.knowledge.rewind(depth);
  }

  before(depth: number, step: Step, task: Task, machine: Machine): void {
    this.knowledge.before(depth, step, task, machine);
  }

  after(task: Task, machine: Machine): void {
    this.knowledge.after(task, machine);
  }

  /** Number of a task, the same in every run. */
  taskName(task: Task, machine: Machine): number {
    this.knowledge.meet(machine);
    return this.knowledge.idOf(task);
  }

  /**
   * The fingerprint of the present state.
   * @param marks who can go on, by position @param outcome what the program keeps beside the machine
   */
  of(machine: Machine, marks: Uint8Array, outcome: string): { readonly a: number; readonly b: number } {
    const { fp, contents } = this;
    let [a, b] = [0, 0];
    const count = (): void => {
      fp.finish();
      a = (a + fp.a) | 0;
      b = (b + fp.b) | 0;
    };
    for (const object of machine.objects ?? []) {
      if (object.alloc.freed) continue;
      fp.start(this.objects.of(object), 0x3c0f);
      if (object === machine.clock) this.addTimers(machine);
      else contents.addFields(object, fp);
      if (object instanceof srcu_struct) this.addEpochs(object);
      count();
    }
    for (const task of machine.tasks) {
      this.addTask(task, ((marks[task.index] ?? 0) & ENABLED) !== 0);
      count();
    }
    for (const [lock, after] of machine.lockOrder) {
      for (const later of after) {
        fp.start(this.objects.of(lock), ORDER).add(this.objects.of(later));
        count();
      }
    }
    fp.start(a, b);
    contents.add(machine.globals, fp);
    return fp.addText(outcome).finish();
  }

  private addTask(task: Task, able: boolean): void {
    const { fp, contents, knowledge } = this;
    fp.start(knowledge.idOf(task), 0x7a5c);
    if (task.done) {
      fp.add(DONE).add(Number(task.killed));
      return;
    }
    const known = knowledge.of(task);
    fp.add(known?.sumA ?? 0).add(known?.sumB ?? 0);
    fp.add(Number(able)).add(task.cpu).add(Number(task.busy)).add(task.atomicDepth).add(task.held.length);
    for (const lock of task.held) fp.add(this.objects.of(lock));
    if (task.bio_list !== undefined) contents.add(task.bio_list, fp);
    const waitsFor = task.pending?.traits.waitsFor;
    if (waitsFor !== undefined) contents.add(waitsFor(), fp);
  }

  /** Whom a grace period waits for follows from them, and so do the names of what its steps touch. */
  private addEpochs({ epoch, sections }: srcu_struct): void {
    this.fp.add(epoch);
    this.addUnordered(sections, ({ task, idx, epoch: began }, one) => {
      one.start(this.knowledge.idOf(task), 0x5ec7).add(idx).add(began);
    });
  }

  /** Expiries count from now: what time it is decides nothing. */
  private addTimers({ clock }: Machine): void {
    this.addUnordered(clock.armed, ([timer, expires], one) => {
      one.start(this.objects.of(timer), 0x71).add(expires - clock.jiffies);
    });
  }

  /** @param tell makes the fingerprint of one item */
  private addUnordered<T>(items: Iterable<T>, tell: (item: T, one: Fingerprint) => void): void {
    let [a, b] = [0, 0];
    const one = new Fingerprint();
    for (const item of items) {
      tell(item, one);
      one.finish();
      a = (a + one.a) | 0;
      b = (b + one.b) | 0;
    }
    this.fp.add(a).add(b);
  }
}
