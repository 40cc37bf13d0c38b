// SPDX-License-Identifier: GPL-2.0-only
import { siteLabel, type Step, type Task } from '@libmultipath/kernel';

/** One decision of a schedule: which task took which step. */
export interface Choice {
  /** Name of the task. */
  readonly task: string;
  /** `fn: op kind.field[n]` of the step it took. */
  readonly site: string;
  /** Outcome chosen for a step that has several. */
  readonly branch?: number;
}

export type Schedule = readonly Choice[];

/** The choice that `task` taking `step` was. */
export const choiceOf = (task: Task, step: Step): Choice => {
  const plain = { task: task.name, site: siteLabel(step) };
  return step.branches > 1 ? { ...plain, branch: step.branch } : plain;
};

/** A run that ended with an exception, and how it got there. Cause of a numbered error. */
export class FailedRun extends Error {
  override readonly name = 'FailedRun';
  constructor(
    override readonly cause: unknown,
    /** The last choice is the step that threw. */
    readonly schedule: Schedule,
  ) {
    super(cause instanceof Error ? cause.message : String(cause));
  }
}
