// SPDX-License-Identifier: GPL-2.0-only
import type { Chooser, Program, Report, Step, Task } from '@libmultipath/kernel';
import { choiceOf, type Choice, type Schedule } from './choice.js';
import { Follower } from './follower.js';
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
  const follower = new Follower(schedule, program.name);
  return record(program, follower, () => follower.finish());
};
