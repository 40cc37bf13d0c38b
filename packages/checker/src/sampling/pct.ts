// SPDX-License-Identifier: GPL-2.0-only
import type { Task } from '@libmultipath/kernel';
import type { Random } from '../random.js';
import { PRIORITIES, type Sampler } from './sampler.js';

export interface PctOptions {
  /** d: the orderings that a bug needs; d - 1 change points are drawn. */
  readonly depth: number;
  /** k: steps of the longest run; change points are drawn among them. */
  readonly steps: number;
}

/** A run that leaves k behind goes on by random walk from here: strict priorities starve, and a retry loop spins. */
const fairFrom = (steps: number): number => 2 * steps + 100;

/**
 * Probabilistic concurrency testing (Burckhardt, Kothari, Musuvathi, Nagarakatte, ASPLOS
 * 2010): the task of the highest priority runs, and at each of d - 1 random steps the one
 * that took it falls below all others. Finds a bug of depth d, in a program of n tasks
 * and at most k steps, with a probability of at least 1 / (n k^(d-1)).
 */
export class Pct implements Sampler {
  private readonly priorities: number[] = [];
  /** Step numbers from 1, the i-th at i. */
  private readonly changes: readonly number[];
  private readonly fair: number;
  private taken = 0;
  private last: Task | undefined;

  constructor(
    private readonly random: Random,
    private readonly options: PctOptions,
  ) {
    this.changes = Array.from({ length: options.depth - 1 }, () => 1 + random(options.steps));
    this.fair = fairFrom(options.steps);
  }

  pick(enabled: readonly Task[], all: readonly Task[]): Task | undefined {
    const { priorities, random } = this;
    if (this.taken >= this.fair) return enabled[random(enabled.length)];
    // A new task takes its place among the others by chance, as if all had been there from the start.
    while (priorities.length < all.length) priorities.push(this.options.depth + random(PRIORITIES));
    for (const [i, at] of this.changes.entries()) {
      if (at === this.taken && this.last !== undefined) priorities[this.last.index] = i;
    }
    let best: Task | undefined;
    for (const task of enabled) {
      if (best === undefined || (priorities[task.index] ?? 0) > (priorities[best.index] ?? 0)) best = task;
    }
    this.taken++;
    this.last = best;
    return best;
  }
}

/** n k^(d-1): one in so many schedules, at the worst, finds a bug of depth d. */
export const pctOdds = (tasks: number, steps: number, depth: number): number =>
  Math.max(1, tasks) * Math.max(1, steps) ** (depth - 1);
