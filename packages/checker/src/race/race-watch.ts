// SPDX-License-Identifier: GPL-2.0-only
import { conflicts, type Allocation, type Step, type Task } from '@libmultipath/kernel';

/** A step that was taken, as far as later ones may race with it. */
interface Access {
  readonly task: number;
  readonly depth: number;
  readonly step: Step;
  readonly clock: readonly number[];
}

/** Told about two steps that nothing orders, the earlier first. */
export type TellUnordered = (first: Step, second: Step, tasks: readonly [string, string]) => void;

/**
 * Happens-before of one run, whoever chooses its steps: what a search knows of its path, for
 * runs that are no part of a search. Between two settle points of a program at most.
 */
export class RaceWatch {
  /** For each task the clock of its last step: for each task, 1 + the number of the last step known to it. */
  private readonly clocks: number[][] = [];
  /** The newest access of each task to each field, by the memory it is in. */
  private accesses = new Map<Allocation, Map<string, Access>>();
  private depth = 0;
  /** Clock of the last step. */
  private last: number[] = [];

  constructor(private readonly tell: TellUnordered) {}

  /** Before the effect of a step. @param tasks those that there are now */
  taking(task: Task, step: Step, tasks: readonly Task[]): void {
    const depth = this.depth++;
    // Who is new was spawned by the step before.
    for (let born = this.clocks.length; born < tasks.length; born++) this.clocks[born] = this.last;
    const clock = [...(this.clocks[task.index] ?? [])];
    if (step.barrier) this.accesses = new Map<Allocation, Map<string, Access>>();
    else this.order(clock, step, task, tasks);
    clock[task.index] = depth + 1;
    this.clocks[task.index] = clock;
    this.last = clock;
    if (!step.barrier) this.note({ task: task.index, depth, step, clock });
  }

  /** Joins what the step comes after, and tells what it could as well have come before. */
  private order(clock: number[], step: Step, task: Task, tasks: readonly Task[]): void {
    const met = new Set<Access>();
    for (const { object } of [step, ...(step.also ?? [])]) {
      for (const access of this.accesses.get(object.alloc)?.values() ?? []) {
        if (access.task !== task.index && conflicts(access.step, step)) met.add(access);
      }
    }
    for (const access of [...met].sort((a, b) => b.depth - a.depth)) {
      if ((clock[access.task] ?? 0) > access.depth) continue;
      for (const [index, known] of access.clock.entries()) {
        if ((known ?? 0) > (clock[index] ?? 0)) clock[index] = known;
      }
      this.tell(access.step, step, [tasks[access.task]?.name ?? '', task.name]);
    }
  }

  private note(access: Access): void {
    for (const { object, field, access: how } of [access.step, ...(access.step.also ?? [])]) {
      let within = this.accesses.get(object.alloc);
      if (within === undefined) this.accesses.set(object.alloc, (within = new Map<string, Access>()));
      within.set(`${String(access.task)} ${object.label} ${object.kind} ${field} ${how}`, access);
    }
  }
}
