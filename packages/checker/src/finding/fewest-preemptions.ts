// SPDX-License-Identifier: GPL-2.0-only
import type { Chooser, Machine, Program, Task } from '@libmultipath/kernel';
import type { Schedule } from '../choice.js';
import { traceRun, type RunTrace } from './run-trace.js';

/** One decision of the search: how many ways there are, and which is taken. */
interface Decision {
  readonly ways: number;
  taken: number;
}

export interface BoundedSearch {
  readonly preemptions: number;
  /** How every run begins; its preemptions are not counted. */
  readonly prefix: Schedule;
  /** Steps it may take; counted down. */
  readonly budget: { left: number };
  /** Stops a run: what was looked for is there. */
  readonly reached: (machine: Machine) => boolean;
  readonly shows: (trace: RunTrace) => boolean;
}

/** Ordinary tasks first: timers and settle points are what the others give way to. */
const inOrder = (enabled: readonly Task[]): Task[] => {
  const late = (task: Task): boolean => task.kind === 'timer' || task.pending?.barrier === true;
  return [...enabled.filter((task) => !late(task)), ...enabled.filter(late)];
};

class BoundedChooser implements Chooser {
  private at = 0;
  private steps = 0;
  private spent = 0;
  private last: Task | undefined;

  constructor(
    private readonly path: Decision[],
    private readonly rules: BoundedSearch,
  ) {}

  pick(enabled: readonly Task[], machine: Machine): Task | undefined {
    if (this.rules.reached(machine)) return undefined;
    const pinned = this.rules.prefix[this.steps++];
    if (pinned !== undefined) return (this.last = enabled.find(({ name }) => name === pinned.task));
    const { last } = this;
    const goesOn = last !== undefined && enabled.includes(last);
    const others = inOrder(enabled.filter((task) => task !== last));
    const ways = goesOn ? [last, ...(this.spent < this.rules.preemptions ? others : [])] : others;
    const taken = this.decide(ways.length);
    if (goesOn && taken > 0) this.spent++;
    this.last = ways[taken];
    return this.last;
  }

  branch(_task: Task, { branches }: { readonly branches: number }): number {
    const pinned = this.rules.prefix[this.steps - 1];
    if (pinned !== undefined) return pinned.branch ?? 0;
    return this.decide(branches);
  }

  private decide(ways: number): number {
    if (ways < 2) return 0;
    const known = this.path[this.at++];
    if (known !== undefined) return known.taken;
    this.path.push({ ways, taken: 0 });
    return 0;
  }
}

/**
 * Looks through the schedules with at most so many preemptions, and stops at the first
 * that shows the finding.
 * @returns undefined: none of them does, or the budget is used up
 */
export const withPreemptions = (program: Program, rules: BoundedSearch): RunTrace | undefined => {
  const path: Decision[] = [];
  while (rules.budget.left > 0) {
    const trace = traceRun(program, new BoundedChooser(path, rules));
    rules.budget.left -= 1 + trace.events.length;
    if (rules.shows(trace)) return trace;
    for (let last = path.at(-1); last !== undefined && last.taken === last.ways - 1; last = path.at(-1)) path.pop();
    const last = path.at(-1);
    if (last === undefined) return undefined;
    last.taken++;
  }
  return undefined;
};
