// SPDX-License-Identifier: GPL-2.0-only
import { siteLabel, type Chooser, type Program, type Report, type Step, type Task } from '@libmultipath/kernel';
import { choiceOf, type Choice, type Schedule } from './choice.js';
import { errors } from './errors.js';
import { failedRun, ProgramInstance, type ProgramEnd } from './run-program.js';
import { blockedTasks } from './tally.js';

/** One step of a run, as a trace shows it. */
export interface RunEvent extends Choice {
  readonly index: number;
  /** What the access gave; live objects of the simulated kernel among them. */
  readonly value: unknown;
}

/** One whole run. */
export interface RunResult {
  /** `stopped`: the schedule ended while tasks could go on. */
  readonly end: ProgramEnd;
  readonly outcome: unknown;
  readonly reports: readonly Report[];
  /** Tasks that are not done, with the step each stands before. */
  readonly blocked: readonly { readonly task: string; readonly site: string }[];
  readonly events: readonly RunEvent[];
}

const shown = (choice: Choice): string =>
  `${choice.task} at ${choice.site}${choice.branch === undefined ? '' : `, branch ${String(choice.branch)}`}`;

/** Follows recorded choices; refuses the first that does not fit. */
class Follower implements Chooser {
  private next = 0;

  constructor(
    private readonly program: Program,
    private readonly schedule: Schedule,
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
      where: `program ${this.program.name}`,
      todo: 'search again with the present code',
    });
  }
}

/** Runs a program once under a chooser and keeps its events. */
const record = (program: Program, chooser: Chooser, finish: () => void): RunResult => {
  const events: RunEvent[] = [];
  const steps: { task: Task; step: Step }[] = [];
  const pick: Chooser['pick'] = (enabled, machine) => {
    const task = chooser.pick(enabled, machine);
    if (task?.pending !== undefined) steps.push({ task, step: task.pending });
    return task;
  };
  const branch: Chooser['branch'] = (task, step) => chooser.branch?.(task, step) ?? 0;
  try {
    const instance = new ProgramInstance(program);
    const end = instance.go({ pick, branch });
    finish();
    for (const [index, { task, step }] of steps.entries()) {
      events.push({ index, ...choiceOf(task, step), value: step.value });
    }
    const { machine } = instance;
    return { end, outcome: instance.outcome(), reports: machine.reports, blocked: blockedTasks(machine), events };
  } catch (error) {
    throw failedRun(
      program,
      error,
      steps.map(({ task, step }) => choiceOf(task, step)),
    );
  }
};

/**
 * Repeats one schedule of a program.
 * @throws LMP-303 the schedule does not fit; the first choice that differs is named
 * @throws LMP-301 kernel code threw
 */
export const replay = (program: Program, schedule: Schedule): RunResult => {
  const follower = new Follower(program, schedule);
  return record(program, follower, () => follower.finish());
};
