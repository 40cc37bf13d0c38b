// SPDX-License-Identifier: GPL-2.0-only
import {
  conflicts,
  siteLabel,
  type Chooser,
  type Machine,
  type ProgramRun,
  type Step,
  type Task,
} from '@libmultipath/kernel';
import { choiceOf, type Choice } from './choice.js';
import type { DataRaces } from './race/data-races.js';
import { errors } from './errors.js';
import { Races, wantAll } from './races.js';
import { Revisits } from './state/revisits.js';
import { ASLEEP, DONE, ENABLED, SearchPath, WANTED, type SearchNode } from './search-node.js';

/** Why the search itself ended a run. */
export type Cut = 'none' | 'memo' | 'state' | 'asleep' | 'budget';

export interface SearchRules {
  readonly reduce: boolean;
  readonly sleep: boolean;
  readonly maxPreemptions: number | undefined;
  /** Asked before a settle point is passed: was its state explored before? `budget`: preemptions spent. */
  readonly known: (machine: Machine, task: Task, budget: number) => boolean;
  /** What the run has to show so far: part of each state. Absent: states between settle points are not compared. */
  readonly outcome?: (() => unknown) | undefined;
  /** Of such states: does a task forget what functions knew that have returned? */
  readonly forgets?: boolean;
  /** Told about each two steps of the path that nothing orders. @see DataRaces.meet */
  readonly unordered?: DataRaces['meet'] | undefined;
  /** Things that are alike, with the objects of the present run. */
  readonly symmetries?: (() => NonNullable<ProgramRun['symmetries']>) | undefined;
  /** Asked before each new step. */
  readonly mayGoOn: () => boolean;
}

/**
 * Depth-first search by running the program again for each schedule: the chooser repeats
 * the path up to the node where the last run left something to explore, then goes on from
 * there.
 */
export class Search implements Chooser {
  steps = 0;
  replayedSteps = 0;
  maxDepth = 0;
  /** Why the last run was ended by the search. */
  cut: Cut = 'none';
  /** Steps taken by the last run, or being taken. */
  depth = 0;
  private readonly path = new SearchPath();
  private readonly races: Races;
  /** Depth at which the present run leaves the path of the one before. */
  private leaves = 0;
  /** Nodes that exist: those before `leaves`, and the one there when it was there before. */
  private known = 0;
  /** Asking tasks whether they can go on has killed one: a repeated run must ask as well. */
  private asking = false;
  /** The bound on preemptions kept something from being explored. */
  limited = false;

  /** States met again between settle points; absent: they are not looked for. */
  readonly revisits: Revisits | undefined;

  constructor(private readonly rules: SearchRules) {
    const { outcome, symmetries, unordered } = rules;
    this.races = new Races(
      this.path,
      unordered === undefined
        ? undefined
        : (first, second, tasks) => this.meetUnordered(first, second, tasks, unordered),
    );
    if (outcome !== undefined && rules.reduce) {
      this.revisits = new Revisits(this.path, this.races, outcome, symmetries ?? (() => []), rules.forgets);
    }
  }

  /** The path, and where the next run leaves it: all that a search elsewhere needs to go on. */
  get frontier(): { readonly path: SearchPath; readonly leaves: number; readonly known: number } {
    return { path: this.path, leaves: this.leaves, known: this.known };
  }

  /** Before the first run, after the path was filled: goes on where another search was left. */
  resume(leaves: number, known: number): void {
    this.races.grow();
    this.leaves = leaves;
    this.known = known;
  }

  /** Before each run. */
  begin(): void {
    this.depth = 0;
    this.cut = 'none';
    this.races.last.fill(-1);
    this.revisits?.begin(this.leaves, this.known);
  }

  /** Repeats the path: what was found there about who can go on is known. */
  forced(machine: Machine): Task | undefined {
    const { depth, path } = this;
    if (depth >= this.leaves || this.asking) return undefined;
    if (depth > 0) this.settleLast(machine);
    const node = path.at(depth);
    const task = machine.tasks[node.chosen];
    const step = task?.pending;
    // What does not fit is told by pick().
    if (task === undefined || step === undefined || node.op !== step.op || node.field !== step.field) return undefined;
    node.step = step;
    this.revisits?.taking(depth, step, task, machine);
    this.replayedSteps++;
    this.depth = depth + 1;
    return task;
  }

  pick(enabled: readonly Task[], machine: Machine): Task | undefined {
    const { depth, path } = this;
    this.asking ||= machine.conditionFaults > 0;
    if (depth > 0) this.settleLast(machine);
    if (depth >= this.known) {
      this.visit(depth, enabled, machine);
      if (this.cut !== 'none') return undefined;
    }
    const node = path.at(depth);
    const task = machine.tasks[node.chosen];
    const step = task?.pending;
    if (task === undefined || step === undefined || (depth < this.known && !this.fits(node, task, step, depth))) {
      throw errors.fail('LMP-302', {
        message: `step ${String(depth)} was ${node.op} of ${node.field}, and is ${step === undefined ? 'gone' : siteLabel(step)} now`,
        where: task?.name ?? 'a task that is gone',
        todo: 'make the program build everything anew in make()',
      });
    }
    node.step = step;
    this.revisits?.taking(depth, step, task, machine);
    if (depth < this.leaves) {
      this.replayedSteps++;
    } else {
      if (!this.rules.mayGoOn()) return this.end('budget');
      node.op = step.op;
      node.field = step.field;
      node.branches = step.branches;
      if (step.barrier && node.branch === 0 && this.rules.known(machine, task, node.preemptions + node.cost))
        return this.end('memo');
      if (this.rules.reduce || this.rules.unordered !== undefined) {
        this.races.take(depth, step, machine.tasks, this.rules.reduce);
      }
      this.steps++;
    }
    this.depth = depth + 1;
    return task;
  }

  /** After a run that nobody could continue: who waits now waits because of the last step. */
  conclude(machine: Machine): void {
    if (this.depth === 0) return;
    this.settleLast(machine);
    if (this.depth >= this.known) this.enter(this.depth, [], machine);
  }

  branch(): number {
    return this.path.at(this.depth - 1).branch;
  }

  /**
   * After each run: sets the path to what is to be explored next.
   * @returns false when nothing is left
   */
  next(): boolean {
    const { path, revisits } = this;
    if (this.depth > this.maxDepth) this.maxDepth = this.depth;
    let { depth } = this;
    for (; depth >= 0; depth--) {
      if (depth < this.depth) revisits?.fold(depth);
      const node = path.at(depth);
      if (this.another(node, depth)) break;
      revisits?.complete(depth);
    }
    this.leaves = depth;
    this.known = depth + 1;
    return depth >= 0;
  }

  /** Sets the node to what is to be explored from it next, if anything is. */
  private another(node: SearchNode, depth: number): boolean {
    if (node.chosen < 0 || (depth === this.depth && this.cut === 'state')) return false;
    // A node whose step was not taken is a node nevertheless when the memo knew what follows.
    if (node.branch + 1 < node.branches && !(this.cut === 'memo' && depth === this.depth)) {
      node.branch++;
      return true;
    }
    node.marks[node.chosen] = (node.marks[node.chosen] ?? 0) | DONE;
    const another = node.marks.findIndex((mark, i) => i < node.tasks && (mark & (WANTED | DONE | ASLEEP)) === WANTED);
    if (another < 0) return false;
    node.chosen = another;
    node.branch = 0;
    return true;
  }

  /** The choices of the present run, with the step that was chosen last. */
  schedule(machine: Machine): Choice[] {
    const choices: Choice[] = [];
    for (let depth = 0; depth < this.depth; depth++) {
      const { chosen, step } = this.path.at(depth);
      const task = machine.tasks[chosen];
      if (task !== undefined && step !== undefined) choices.push(choiceOf(task, step));
    }
    return choices;
  }

  private meetUnordered(j: number, k: number, tasks: readonly Task[], tell: DataRaces['meet']): void {
    const first = this.path.at(j);
    const second = this.path.at(k);
    if (first.step === undefined || second.step === undefined) return;
    tell(first.step, second.step, [tasks[first.chosen]?.name ?? '', tasks[second.chosen]?.name ?? ''], k + 1);
  }

  private end(cut: Cut): undefined {
    this.cut = cut;
    return undefined;
  }

  /** Does a repeated run stand where the first one stood? At a new choice there is nothing to compare with. */
  private fits(node: SearchNode, task: Task, step: Step, depth: number): boolean {
    if (depth < this.leaves || node.branch > 0) return node.op === step.op && node.field === step.field;
    return task.runnable;
  }

  /** Books who took the last step, and whom it spawned. */
  private settleLast(machine: Machine): void {
    const count = machine.tasks.length;
    if (this.path.reserve(count)) this.races.grow();
    const { last } = this.races;
    const node = this.path.at(this.depth - 1);
    const task = machine.tasks[node.chosen];
    if (task !== undefined && node.step !== undefined) this.revisits?.took(this.depth - 1, task, machine);
    last[node.chosen] = this.depth - 1;
    for (let i = node.tasks; i < count; i++) last[i] = this.depth - 1;
  }

  /** A state seen for the first time on this path: who goes first, if anybody may. */
  private visit(depth: number, enabled: readonly Task[], machine: Machine): void {
    this.enter(depth, enabled, machine);
    const node = this.path.at(depth);
    const met = depth === 0 ? 'new' : this.revisits?.meet(depth, machine);
    if (met === 'cut') {
      this.end('state');
      return;
    }
    if (met === 'part') return;
    this.choose(node, depth > 0 ? this.path.at(depth - 1) : undefined, enabled);
    if (node.chosen < 0) this.end('asleep');
    else node.marks[node.chosen] = (node.marks[node.chosen] ?? 0) | WANTED;
  }

  /** What can go on from a new state, what is asleep, and what the waiting of the others tells. */
  private enter(depth: number, enabled: readonly Task[], machine: Machine): void {
    const { path } = this;
    if (depth === 0 && path.reserve(machine.tasks.length)) this.races.grow();
    const node = path.at(depth);
    node.marks.fill(0);
    node.tasks = machine.tasks.length;
    node.chosen = -1;
    node.branch = 0;
    node.branches = 1;
    node.full = false;
    node.phase = 0;
    node.preemptions = 0;
    node.running = -1;
    for (const task of enabled) node.marks[task.index] = ENABLED;
    const before = depth > 0 ? path.at(depth - 1) : undefined;
    if (before?.step !== undefined) {
      node.phase = before.step.barrier ? depth : before.phase;
      if (this.rules.sleep) this.keepAsleep(before, before.step, node, machine.tasks);
    }
    if (this.rules.reduce) this.races.wait(depth, machine.tasks);
    this.revisits?.enter(depth, machine);
  }

  private keepAsleep(before: SearchNode, taken: Step, node: SearchNode, tasks: readonly Task[]): void {
    for (let i = 0; i < before.tasks; i++) {
      if (((before.marks[i] ?? 0) & (ASLEEP | DONE)) === 0 || i === before.chosen) continue;
      const pending = tasks[i]?.pending;
      if (pending !== undefined && !conflicts(pending, taken)) node.marks[i] = (node.marks[i] ?? 0) | ASLEEP;
    }
  }

  /** The task that ran last goes on while it can; timers and settle points come when nobody else can go on. */
  private choose(node: SearchNode, before: SearchNode | undefined, enabled: readonly Task[]): void {
    let ordinary = -1;
    let other = -1;
    let settles = false;
    for (const task of enabled) {
      const barrier = task.pending?.barrier === true;
      settles ||= barrier;
      if (((node.marks[task.index] ?? 0) & ASLEEP) !== 0) continue;
      if (barrier || task.kind === 'timer') {
        if (other < 0) other = task.index;
      } else if (ordinary < 0 || task.index === before?.chosen) ordinary = task.index;
    }
    if (settles) mustBeAlone(enabled);
    node.chosen = ordinary < 0 ? other : ordinary;
    if (!this.rules.reduce) this.wantWithinBudget(node, before);
    else if (ordinary < 0) wantAll(node);
  }

  /** No reduction: all that can go on, or, when no preemption is left, whoever runs while it can. */
  private wantWithinBudget(node: SearchNode, before: SearchNode | undefined): void {
    wantAll(node);
    if (before === undefined) return;
    node.preemptions = before.preemptions + before.cost;
    const running = before.chosen;
    if (((node.marks[running] ?? 0) & ENABLED) === 0) return;
    node.running = running;
    const { maxPreemptions } = this.rules;
    if (maxPreemptions !== undefined && node.preemptions >= maxPreemptions) {
      this.limited ||= node.marks.some((mark, i) => i < node.tasks && i !== running && (mark & ENABLED) !== 0);
      node.marks.fill(0);
      node.marks[running] = ENABLED | WANTED;
      node.chosen = running;
    }
  }
}

/** What the search takes for granted about settle points. */
const mustBeAlone = (enabled: readonly Task[]): void => {
  const settles = enabled.find((task) => task.pending?.barrier === true);
  const beside = enabled.find((task) => task.pending?.barrier !== true && task.kind !== 'timer');
  if (settles?.pending === undefined || beside === undefined) return;
  throw errors.fail('LMP-305', {
    message: `${settles.name} can pass its settle point although ${beside.name} can go on`,
    where: siteLabel(settles.pending),
    todo: 'settle with settle() of the kernel package',
  });
};
