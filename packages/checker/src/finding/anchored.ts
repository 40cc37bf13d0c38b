// SPDX-License-Identifier: GPL-2.0-only
import { siteLabel, type Chooser, type Machine, type Step, type Task } from '@libmultipath/kernel';
import type { Choice } from '../choice.js';

/** How a choice finds its place again. `exact`: where it was; `labels`: at the label; `loose`: at the label, any round. */
export type Anchoring = 'exact' | 'labels' | 'loose';

/** Steps that may lie between two choices although nothing was recorded there. */
const SLACK_STEPS = 64;
/** Steps after the last choice, for a finding that needs a whole run. */
const TAIL_STEPS = 10_000;

/** The first place where the present code is not what was recorded. */
export interface Misfit {
  /** Position among the choices. */
  readonly choice: number;
  readonly expected: Choice;
  readonly found: string;
}

export interface AnchorRules {
  readonly choices: readonly Choice[];
  /** Steps of the recorded run; only `exact` counts them. */
  readonly steps: number;
  readonly anchoring: Anchoring;
  /** Stops the run: what was recorded shows. */
  readonly reached: (machine: Machine) => boolean;
}

const withoutRound = (label: string): string => label.replace(/(\[\d+\])+$/, '');

/**
 * Follows choices that were recorded where there was more than one way to go on. Steps that
 * were added to a task are taken when its turn comes; choices whose step is gone are left out.
 */
export class AnchoredChooser implements Chooser {
  misfit: Misfit | undefined;
  /** Steps added and choices left out. */
  moved = 0;
  private next = 0;
  private taken = 0;
  private slack = SLACK_STEPS;
  private tail = TAIL_STEPS;
  private last: Task | undefined;
  private branchTaken = 0;

  constructor(private readonly rules: AnchorRules) {}

  /** Were all choices used? */
  get complete(): boolean {
    return this.misfit === undefined && this.next >= this.rules.choices.length;
  }

  pick(enabled: readonly Task[], machine: Machine): Task | undefined {
    const { anchoring, reached, steps } = this.rules;
    if (anchoring === 'exact' ? this.taken >= steps : reached(machine)) return undefined;
    this.last = this.choose(enabled);
    this.taken++;
    return this.last;
  }

  branch(_task: Task, { branches }: Step): number {
    return this.branchTaken < branches ? this.branchTaken : 0;
  }

  /** The run is over: is there a choice left? */
  finish(): void {
    const expected = this.rules.choices[this.next];
    if (expected !== undefined) this.misfit ??= { choice: this.next, expected, found: 'the run has ended' };
  }

  private choose(enabled: readonly Task[]): Task | undefined {
    for (;;) {
      this.branchTaken = 0;
      const choice = this.rules.choices[this.next];
      if (choice === undefined) return this.onward(enabled);
      const task = enabled.find(({ name }) => name === choice.task);
      if (task !== undefined && this.stands(task, choice)) {
        this.next++;
        this.slack = SLACK_STEPS;
        this.branchTaken = choice.branch ?? 0;
        return task;
      }
      if (enabled.length === 1) return enabled[0];
      if (this.rules.anchoring === 'exact' || this.slack-- <= 0) return this.refuse(choice, task, enabled);
      this.moved++;
      if (task === undefined) return this.last !== undefined && enabled.includes(this.last) ? this.last : enabled[0];
      // Its step is gone when the task stands where a later choice of its own is.
      const later = this.rules.choices.findIndex((one, at) => at > this.next && one.task === task.name);
      const own = this.rules.choices[later];
      if (own === undefined || later !== this.next + 1 || !this.stands(task, own)) return task;
      this.next++;
    }
  }

  private stands(task: Task, { site }: Choice): boolean {
    if (task.pending === undefined) return false;
    const label = siteLabel(task.pending);
    return label === site || (this.rules.anchoring === 'loose' && withoutRound(label) === withoutRound(site));
  }

  /** After the last choice: exactly the forced steps; else whoever ran, while it can. */
  private onward(enabled: readonly Task[]): Task | undefined {
    if (enabled.length === 1) return enabled[0];
    if (this.rules.anchoring === 'exact' || this.tail-- <= 0) return undefined;
    return this.last !== undefined && enabled.includes(this.last) ? this.last : enabled[0];
  }

  private refuse(expected: Choice, task: Task | undefined, enabled: readonly Task[]): undefined {
    const found =
      task?.pending === undefined
        ? `it cannot run there; ${enabled.map(({ name }) => name).join(', ')} can`
        : `it stands at ${siteLabel(task.pending)}`;
    this.misfit = { choice: this.next, expected, found };
    return undefined;
  }
}
