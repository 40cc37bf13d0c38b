// SPDX-License-Identifier: GPL-2.0-only
import type { Chooser, Program, Step, Task } from '@libmultipath/kernel';
import type { Random } from '../random.js';
import { failedRun, ProgramInstance } from '../run-program.js';

/** One random way down the tree of schedules. */
export interface Probe {
  /** Natural logarithm of the product of the ways out at each node on the way. */
  readonly logWeight: number;
  readonly steps: number;
  readonly tasks: number;
}

/** Goes any way that a search with this bound on preemptions would go, each alike. */
class Descent implements Chooser {
  logWeight = 0;
  steps = 0;
  private running: Task | undefined;
  private preemptions = 0;

  constructor(
    private readonly random: Random,
    private readonly maxPreemptions: number,
  ) {}

  pick(enabled: readonly Task[]): Task | undefined {
    const { running } = this;
    const able = running !== undefined && enabled.includes(running);
    this.steps++;
    if (able && this.preemptions >= this.maxPreemptions) return running;
    this.logWeight += Math.log(enabled.length);
    const task = enabled[this.random(enabled.length)];
    if (able && task !== running) this.preemptions++;
    this.running = task;
    return task;
  }

  branch(_task: Task, step: Step): number {
    this.logWeight += Math.log(step.branches);
    return this.random(step.branches);
  }
}

/** @throws LMP-301 kernel code threw */
export const probe = (program: Program, random: Random, maxPreemptions = Infinity): Probe => {
  const descent = new Descent(random, maxPreemptions);
  try {
    const instance = new ProgramInstance(program);
    instance.go(descent);
    return { logWeight: descent.logWeight, steps: descent.steps, tasks: instance.machine.tasks.length };
  } catch (error) {
    throw failedRun(program, error, []);
  }
};
