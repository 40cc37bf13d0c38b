// SPDX-License-Identifier: GPL-2.0-only
import type { Chooser, Machine, Program, Property, Report, Step, Task } from '@libmultipath/kernel';
import { choiceOf, type Schedule } from '../choice.js';
import { judge } from '../properties/judge.js';
import type { DataRaces } from '../race/data-races.js';
import { RaceWatch } from '../race/race-watch.js';
import type { Random } from '../random.js';
import { failedRun, ProgramInstance } from '../run-program.js';
import type { Tally } from '../tally.js';
import type { Sampler } from './sampler.js';

/** Steps of one run: one that goes round for ever is given up there. */
export const MOST_STEPS = 100_000;
/** Steps between two questions whether to stop. */
const ASK_EVERY = 1_024;

/** Lets a sampler decide, and notes what it decided and what did not hold on the way. */
class Recorder implements Chooser {
  readonly taken: { readonly task: Task; readonly step: Step }[] = [];
  readonly wrong: Report[] = [];
  private readonly eachStep: boolean;
  private readonly watch: RaceWatch | undefined;

  constructor(
    private readonly sampler: Sampler,
    private readonly random: Random,
    private readonly properties: readonly Property[],
    races: DataRaces | undefined,
    private readonly stop: () => boolean,
  ) {
    this.watch =
      races === undefined
        ? undefined
        : new RaceWatch((first, second, tasks) => races.meet(first, second, tasks, this.taken.length));
    this.eachStep = properties.some(({ when }) => when === 'step');
  }

  pick(enabled: readonly Task[], machine: Machine): Task | undefined {
    const { properties, taken, wrong } = this;
    if (taken.length >= MOST_STEPS || ((taken.length + 1) % ASK_EVERY === 0 && this.stop())) return undefined;
    if (this.eachStep && taken.length > 0) wrong.push(...judge(properties, machine, 'step'));
    const task = this.sampler.pick(enabled, machine.tasks);
    if (task?.pending === undefined) return task;
    if (task.pending.barrier) wrong.push(...judge(properties, machine, 'settled'));
    taken.push({ task, step: task.pending });
    this.watch?.taking(task, task.pending, machine.tasks);
    return task;
  }

  branch(_task: Task, step: Step): number {
    return this.random(step.branches);
  }

  schedule(): Schedule {
    return this.taken.map(({ task, step }) => choiceOf(task, step));
  }
}

/** How large one run was. */
export interface RunSize {
  readonly steps: number;
  /** Tasks that there were at its end. */
  readonly tasks: number;
  /** It was given up on the way: its end says nothing. */
  readonly cut: boolean;
}

/**
 * Runs the program once by chance and books what it gave.
 * @throws LMP-301 kernel code threw
 */
export const sampledRun = (
  program: Program,
  sampler: Sampler,
  random: Random,
  tally: Tally,
  races?: DataRaces,
  stop: () => boolean = () => false,
): RunSize => {
  const { properties = [] } = program;
  const recorder = new Recorder(sampler, random, properties, races, stop);
  const schedule = (): Schedule => recorder.schedule();
  try {
    const instance = new ProgramInstance(program);
    const end = instance.go(recorder);
    const steps = recorder.taken.length;
    const cut = end === 'stopped';
    if (cut) tally.reported(instance.machine.reports, steps, schedule);
    else if (end === 'stuck') tally.stuckRun(instance.machine, instance.outcome(), steps, schedule);
    else tally.finished(instance.outcome(), steps, schedule);
    const { machine } = instance;
    if (!cut) {
      tally.reported([...machine.reports, ...recorder.wrong, ...judge(properties, machine, 'end')], steps, schedule);
    }
    races?.endRun(schedule);
    return { steps, tasks: machine.tasks.length, cut };
  } catch (error) {
    throw failedRun(program, error, schedule());
  }
};
