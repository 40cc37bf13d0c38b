// SPDX-License-Identifier: GPL-2.0-only
import { isLmpError, LmpError } from '@libmultipath/errors';
import {
  Machine,
  withCurrent,
  type Chooser,
  type MachineOptions,
  type Program,
  type ProgramRun,
} from '@libmultipath/kernel';
import { FailedRun, type Schedule } from './choice.js';
import { errors } from './errors.js';
import { beating } from './parallel/heartbeat.js';

/** How a run ended; `stopped`: the chooser said so. */
export type ProgramEnd = 'finished' | 'stuck' | 'stopped';

/** One fresh run of a program, not yet begun. */
export class ProgramInstance {
  readonly machine: Machine;
  private readonly run: ProgramRun;

  constructor(program: Program, more: MachineOptions = {}) {
    const machine = new Machine({ ...program.options, ...more });
    this.machine = machine;
    this.run = withCurrent(machine, undefined, () => program.make(machine));
  }

  /** Groups of things that are alike, with the objects of this run. */
  get symmetries(): NonNullable<ProgramRun['symmetries']> {
    return this.run.symmetries ?? [];
  }

  outcome(): unknown {
    return withCurrent(this.machine, undefined, () => this.run.outcome());
  }

  /**
   * Runs to the natural end. A run is not cut when the program calls itself finished: what
   * services still do cannot change the outcome, but its conflicts with earlier steps tell
   * a search which schedules are left.
   */
  go(chooser: Chooser): ProgramEnd {
    const end = this.machine.run(beating(chooser));
    if (end !== 'stuck') return end;
    const finished = withCurrent(this.machine, undefined, () => this.run.finished?.() ?? false);
    return finished ? 'finished' : 'stuck';
  }
}

/**
 * The numbered error for an exception out of a run. Numbered ones keep their number.
 * @param schedule all choices so far; the last is the step that threw
 */
export const failedRun = (program: Program, error: unknown, schedule: Schedule): Error => {
  const last = schedule.at(-1);
  const where =
    last === undefined
      ? `program ${program.name}, before the first step`
      : `program ${program.name}, task ${last.task}, ${last.site}`;
  const cause = new FailedRun(error, schedule);
  if (isLmpError(error)) {
    const todo = error.todo === undefined ? {} : { todo: error.todo };
    return new LmpError(error.code, { message: error.message, where: error.where ?? where, cause, ...todo });
  }
  return errors.fail('LMP-301', {
    message: `kernel code threw: ${error instanceof Error ? `${error.name}: ${error.message}` : String(error)}`,
    where,
    todo: 'mend the function named; replay the schedule of the cause to stand there',
    cause,
  });
};
