// SPDX-License-Identifier: GPL-2.0-only
import type { Chooser, Program, Step, Task } from '@libmultipath/kernel';
import { choiceOf } from './choice.js';
import { checkWhole, counted } from './bounds.js';
import type { Exploration } from './exploration.js';
import { seededRandom, type Random } from './random.js';
import { failedRun, ProgramInstance } from './run-program.js';
import { Tally } from './tally.js';

/** Lets chance decide, each task that can go on alike, and notes what it decided. */
class Walk implements Chooser {
  readonly taken: { task: Task; step: Step }[] = [];

  constructor(private readonly random: Random) {}

  pick(enabled: readonly Task[]): Task | undefined {
    const task = enabled[this.random(enabled.length)];
    if (task?.pending !== undefined) this.taken.push({ task, step: task.pending });
    return task;
  }

  branch(_task: Task, step: Step): number {
    return this.random(step.branches);
  }
}

/**
 * Runs `count` random schedules. Never complete; the same seed gives the same bytes.
 * @throws LMP-301 kernel code threw
 */
export const sample = (program: Program, seed: number, count: number): Exploration => {
  checkWhole('count', count, 1);
  const random = seededRandom(seed);
  const tally = new Tally();
  let steps = 0;
  let maxDepth = 0;
  for (let nth = 0; nth < count; nth++) {
    const walk = new Walk(random);
    const schedule = () => walk.taken.map(({ task, step }) => choiceOf(task, step));
    try {
      const instance = new ProgramInstance(program);
      const end = instance.go(walk);
      const { length } = walk.taken;
      if (end === 'stuck') tally.stuckRun(instance.machine, instance.outcome(), length, schedule);
      else tally.finished(instance.outcome(), length, schedule);
      tally.reported(instance.machine.reports, length, schedule);
      steps += length;
      maxDepth = Math.max(maxDepth, length);
    } catch (error) {
      throw failedRun(program, error, schedule());
    }
  }
  return {
    complete: false,
    bound: `sampled ${counted(count, 'schedule')}, seed ${String(seed)}`,
    ...tally.findings(),
    stats: { executions: count, steps, replayedSteps: 0, states: 0, memoHits: 0, pruned: 0, maxDepth },
  };
};
