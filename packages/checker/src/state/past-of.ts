// SPDX-License-Identifier: GPL-2.0-only
import type { Task } from '@libmultipath/kernel';
import type { SearchPath } from '../search-node.js';
import type { Footprints } from './footprints.js';
import type { Future } from './futures.js';

/** A task whose first step after some step comes after nothing else there. */
export interface Initial {
  readonly index: number;
  readonly timer: boolean;
  /** Depth of that step. */
  readonly at: number;
}

/**
 * What of the path happens before the steps that the tasks stand before at its end. Sets of
 * tasks are bits of their numbers.
 */
export class PastOf {
  private depth = 0;
  private numbers: readonly number[] = [];
  private tasks: readonly Task[] = [];
  /** For each position: clock of the step it stands before, as in {@link Races}. */
  private readonly clocks: Int32Array[] = [];
  private readonly latest: number[] = [];
  /** Steps that conflict with the step it stands before, and nothing stands between. */
  private readonly direct: number[][] = [];
  private last: Int32Array = new Int32Array(0);
  private count = 0;
  private readonly initialsAt = new Map<number, readonly Initial[]>();
  private first = new Int32Array(0);

  constructor(
    private readonly path: SearchPath,
    private readonly footprints: Footprints,
    private readonly lastOf: () => Int32Array,
  ) {}

  /** @param step footprint of the step taken at a depth */
  start(
    depth: number,
    numbers: readonly number[],
    pending: readonly number[],
    step: (depth: number) => number,
    tasks: readonly Task[],
  ): void {
    const { path, footprints } = this;
    this.depth = depth;
    this.numbers = numbers;
    this.tasks = tasks;
    this.count = pending.length;
    this.initialsAt.clear();
    const { phase } = path.at(depth);
    const last = this.lastOf();
    this.last = last;
    for (let i = 0; i < pending.length; i++) {
      const clock = this.clockAt(i);
      const began = last[i] ?? -1;
      if (began >= 0) clock.set(path.at(began).clock);
      else clock.fill(0);
      const footprint = pending[i] ?? -1;
      const direct: number[] = (this.direct[i] = []);
      for (let j = footprint < 0 ? -1 : depth - 1; j >= phase; j--) {
        const before = path.at(j);
        if ((clock[before.chosen] ?? 0) > j || !footprints.conflict(footprint, step(j))) continue;
        join(clock, before.clock);
        direct.push(j);
      }
      let latest = 0;
      for (const at of clock) if (at > latest) latest = at;
      this.latest[i] = latest;
    }
  }

  /** Tasks whose next step comes after the step of `j`. */
  after(j: number): number {
    const { chosen } = this.path.at(j);
    let mask = 0;
    for (let i = 0; i < this.count; i++) {
      if ((this.clocks[i]?.[chosen] ?? 0) > j) mask |= 1 << (this.numbers[i] ?? 0);
    }
    return mask;
  }

  /**
   * Does the step of `j` happen before the later one by way of another?
   * @param after {@link after} of `j`
   */
  between(future: Future, j: number, after: number): boolean {
    const { kind, past, begins } = future;
    const bit = 1 << kind.task;
    if (!begins) return (past & after) !== 0;
    if ((past & after & ~bit) !== 0) return true;
    if ((after & bit) === 0) return false;
    const index = this.numbers.indexOf(kind.task);
    if (kind.manner === 'taken') return this.direct[index]?.includes(j) !== true;
    const began = this.last[index] ?? -1;
    const { path } = this;
    return began >= 0 && (path.at(began).clock[path.at(j).chosen] ?? 0) > j;
  }

  /** Tasks whose next step comes after no step from `j` on. */
  untouchedSince(j: number): number {
    let mask = 0;
    for (let i = 0; i < this.count; i++) if ((this.latest[i] ?? 0) <= j) mask |= 1 << (this.numbers[i] ?? 0);
    return mask;
  }

  /** Does the next step of a task of `mask` come after the step that `index` took at depth `at`? */
  needs(mask: number, index: number, at: number): boolean {
    for (let i = 0; i < this.count; i++) {
      if ((mask & (1 << (this.numbers[i] ?? 0))) !== 0 && (this.clocks[i]?.[index] ?? 0) > at) return true;
    }
    return false;
  }

  /** Of the steps of the path after `j` that do not come after it: who can begin. */
  initials(j: number): readonly Initial[] {
    const known = this.initialsAt.get(j);
    if (known !== undefined) return known;
    const { path, depth } = this;
    if (this.first.length < path.capacity) this.first = new Int32Array(path.capacity);
    const first = this.first.fill(-1);
    const seen: number[] = [];
    const found: Initial[] = [];
    const { chosen: taker } = path.at(j);
    for (let k = j + 1; k < depth; k++) {
      const { clock, chosen } = path.at(k);
      if ((clock[taker] ?? 0) > j || (first[chosen] ?? -1) >= 0) continue;
      const initial = !seen.some((earlier) => (clock[earlier] ?? 0) > (first[earlier] ?? 0));
      first[chosen] = k;
      seen.push(chosen);
      if (initial) found.push({ index: chosen, timer: this.tasks[chosen]?.kind === 'timer', at: k });
    }
    this.initialsAt.set(j, found);
    return found;
  }

  private clockAt(i: number): Int32Array {
    const known = this.clocks[i];
    if (known !== undefined && known.length === this.path.capacity) return known;
    return (this.clocks[i] = new Int32Array(this.path.capacity));
  }
}

const join = (into: Int32Array, from: Int32Array): void => {
  for (let i = 0; i < into.length; i++) {
    const value = from[i] ?? 0;
    if (value > (into[i] ?? 0)) into[i] = value;
  }
};
