// SPDX-License-Identifier: GPL-2.0-only
import { siteLabel, type Chooser, type Step, type Task } from '@libmultipath/kernel';
import type { Choice, Schedule } from './choice.js';
import { errors } from './errors.js';

const shown = (choice: Choice): string =>
  `${choice.task} at ${choice.site}${choice.branch === undefined ? '' : `, branch ${String(choice.branch)}`}`;

/** Follows recorded choices, all of them; refuses the first that does not fit. */
export class Follower implements Chooser {
  private next = 0;

  constructor(
    private readonly schedule: Schedule,
    /** Named in errors. */
    private readonly program = '',
  ) {}

  pick(enabled: readonly Task[]): Task | undefined {
    const choice = this.schedule[this.next];
    if (choice === undefined) return undefined;
    const task = enabled.find(({ name }) => name === choice.task);
    if (task?.pending === undefined) {
      return this.misfit(choice, `it cannot run there; ${enabled.map(({ name }) => name).join(', ')} can`);
    }
    const site = siteLabel(task.pending);
    if (site !== choice.site) return this.misfit(choice, `it stands at ${site}`);
    this.next++;
    return task;
  }

  branch(_task: Task, step: Step): number {
    const choice = this.schedule[this.next - 1];
    const branch = choice?.branch ?? 0;
    if (choice !== undefined && (!Number.isInteger(branch) || branch < 0 || branch >= step.branches)) {
      return this.misfit(choice, `the step has ${String(step.branches)} branches`);
    }
    return branch;
  }

  /** Nobody could go on: was something recorded after that? */
  finish(): void {
    const choice = this.schedule[this.next];
    if (choice !== undefined) this.misfit(choice, 'the run has ended');
  }

  private misfit(choice: Choice, found: string): never {
    throw errors.fail('LMP-303', {
      message: `choice ${String(this.next)} is ${shown(choice)}, but ${found}`,
      where: `program ${this.program}`,
      todo: 'search again with the present code',
    });
  }
}
