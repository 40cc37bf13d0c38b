// SPDX-License-Identifier: GPL-2.0-only
import { conflicts, type Step, type Task } from '@libmultipath/kernel';
import type { Random } from '../random.js';
import { PRIORITIES, type Sampler } from './sampler.js';

/**
 * Partial order sampling (Yuan, Yang, Gu, CAV 2018): each step that a task stands before
 * has a random priority, the highest runs, and those it races with draw again. A step that
 * nothing races with keeps its priority however long others run, so the orders of racing
 * steps are drawn, not the interleaving of the rest.
 */
export class Pos implements Sampler {
  private readonly priorities: number[] = [];
  private readonly standing: (Step | undefined)[] = [];

  constructor(private readonly random: Random) {}

  pick(enabled: readonly Task[], all: readonly Task[]): Task | undefined {
    const { priorities, standing, random } = this;
    for (const { index, pending } of all) {
      if (standing[index] === pending) continue;
      standing[index] = pending;
      priorities[index] = random(PRIORITIES);
    }
    let best: Task | undefined;
    for (const task of enabled) {
      if (best === undefined || (priorities[task.index] ?? 0) > (priorities[best.index] ?? 0)) best = task;
    }
    if (best?.pending === undefined) return best;
    for (const { index, pending } of all) {
      if (index === best.index || pending === undefined) continue;
      if (conflicts(best.pending, pending)) priorities[index] = random(PRIORITIES);
    }
    return best;
  }
}
