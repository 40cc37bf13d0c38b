// SPDX-License-Identifier: GPL-2.0-only
import type { Chooser, Machine, Step, Task } from '@libmultipath/kernel';
import { siteLabel } from '@libmultipath/kernel';
import type { Schedule } from '../choice.js';

/** Steps that one task takes in a row. */
export interface Segment {
  readonly task: string;
  readonly steps: number;
}

/** A schedule as its context switches. */
export interface Plan {
  readonly segments: readonly Segment[];
  /** Answers of the environment, by task and site, in order. */
  readonly branches: ReadonlyMap<string, readonly number[]>;
}

const placeOf = (task: string, site: string): string => `${task}\n${site}`;

export const planOf = (schedule: Schedule): Plan => {
  const segments: { task: string; steps: number }[] = [];
  const branches = new Map<string, number[]>();
  for (const { task, site, branch } of schedule) {
    const last = segments.at(-1);
    if (last?.task === task) last.steps++;
    else segments.push({ task, steps: 1 });
    if (branch === undefined) continue;
    const place = placeOf(task, site);
    const known = branches.get(place);
    if (known === undefined) branches.set(place, [branch]);
    else known.push(branch);
  }
  return { segments, branches };
};

export interface PlanRules {
  /** Stops the run: what was looked for is there. */
  readonly reached: (machine: Machine) => boolean;
  /** Tasks that may run at all; absent: every task. */
  readonly only?: ReadonlySet<string>;
}

/**
 * Follows a plan as far as it goes. A task that cannot go on keeps the rest of its turn for
 * its next one; after the plan each task runs as long as it can.
 */
export class PlanChooser implements Chooser {
  private at = 0;
  private left: number;
  private last: Task | undefined;
  private readonly debts = new Map<string, number>();
  private readonly answered = new Map<string, number>();

  constructor(
    private readonly plan: Plan,
    private readonly rules: PlanRules,
  ) {
    this.left = plan.segments[0]?.steps ?? 0;
  }

  pick(enabled: readonly Task[], machine: Machine): Task | undefined {
    if (this.rules.reached(machine)) return undefined;
    const { only } = this.rules;
    const allowed = only === undefined ? enabled : enabled.filter(({ name }) => only.has(name));
    this.last = this.planned(allowed) ?? this.onward(allowed);
    return this.last;
  }

  branch(task: Task, step: Step): number {
    const place = placeOf(task.name, siteLabel(step));
    const nth = this.answered.get(place) ?? 0;
    this.answered.set(place, nth + 1);
    const branch = this.plan.branches.get(place)?.[nth] ?? 0;
    return branch < step.branches ? branch : 0;
  }

  private planned(enabled: readonly Task[]): Task | undefined {
    for (;;) {
      const segment = this.plan.segments[this.at];
      if (segment === undefined) return undefined;
      const task = this.left > 0 ? enabled.find(({ name }) => name === segment.task) : undefined;
      if (task !== undefined) {
        this.left--;
        return task;
      }
      if (this.left > 0) this.debts.set(segment.task, this.left);
      this.at++;
      const next = this.plan.segments[this.at];
      if (next === undefined) return undefined;
      this.left = next.steps + (this.debts.get(next.task) ?? 0);
      this.debts.delete(next.task);
    }
  }

  /** The same task while it can; then the oldest; timers and settle points when nobody else can go on. */
  private onward(enabled: readonly Task[]): Task | undefined {
    if (this.last !== undefined && enabled.includes(this.last)) return this.last;
    return enabled.find((task) => task.kind !== 'timer' && task.pending?.barrier !== true) ?? enabled[0];
  }
}
