// SPDX-License-Identifier: GPL-2.0-only
import type { Machine, Task } from '@libmultipath/kernel';
import type { StateDigest } from './exploration.js';

/** The states at settle points that were reached. */
export class Memo {
  hits = 0;
  private readonly states = new Set<string>();

  constructor(private readonly digest: StateDigest) {}

  get size(): number {
    return this.states.size;
  }

  /** Was the state there before? Remembers it. The outcome so far is part of it. */
  known(machine: Machine, task: Task, preemptions: number, outcome: unknown): boolean {
    const digest = this.digest(machine, outcome);
    if (digest === undefined) return false;
    const key = `${digest} ${String(preemptions)} ${task.name}`;
    if (!this.states.has(key)) {
      this.states.add(key);
      return false;
    }
    this.hits++;
    return true;
  }
}
