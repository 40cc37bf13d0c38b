// SPDX-License-Identifier: GPL-2.0-only
import { conflicts, holdsBack, type Step, type Task } from '@libmultipath/kernel';
import { covers } from './footprint.js';
import { ASLEEP, ENABLED, WANTED, type SearchNode, type SearchPath } from './search-node.js';

/** Wants everything that can go on from the node. */
export const wantAll = (node: SearchNode): void => {
  for (let i = 0; i < node.tasks; i++) {
    const mark = node.marks[i] ?? 0;
    if ((mark & ENABLED) !== 0) node.marks[i] = mark | WANTED;
  }
  node.full = true;
};

/**
 * Happens-before of the path, and the races in it: pairs of steps that may also happen in
 * the other order. For each, the node before the first of the two learns which task to
 * explore as well, unless one that serves is already wanted there (source sets).
 *
 * The rules, and why they suffice, are in docs/decisions/0005-reduction-and-memo.md; the
 * names N, t, x, v of that page are used here.
 */
export class Races {
  private clock: Int32Array;
  private first: Int32Array;
  private seen: Int32Array;
  private races: number[] = [];
  /** For each task: depth of its last step, or of the step that spawned it; -1: neither. */
  last: Int32Array;

  constructor(
    private readonly path: SearchPath,
    /** Told about each two steps that nothing orders, by their depths. */
    private readonly unordered?: (first: number, second: number, tasks: readonly Task[]) => void,
  ) {
    this.clock = new Int32Array(path.capacity);
    this.first = new Int32Array(path.capacity).fill(-1);
    this.seen = new Int32Array(path.capacity);
    this.last = new Int32Array(path.capacity);
  }

  /** After the path got room for more tasks. */
  grow(): void {
    const { capacity } = this.path;
    const { last } = this;
    this.clock = new Int32Array(capacity);
    this.first = new Int32Array(capacity).fill(-1);
    this.seen = new Int32Array(capacity);
    this.last = new Int32Array(capacity).fill(-1);
    this.last.set(last);
  }

  /**
   * The step that node `depth` is about to take: computes its clock, and wants the
   * reversal of each race it ends.
   * @param reverse false: clocks only
   */
  take(depth: number, step: Step, tasks: readonly Task[], reverse = true): void {
    const { path } = this;
    const node = path.at(depth);
    const { clock, chosen, phase } = node;
    this.startFrom(clock, chosen, phase);
    const races = this.races;
    races.length = 0;
    for (let j = depth - 1; j >= phase; j--) {
      const before = path.at(j);
      // Already known to happen before, so another step stands between: no race.
      if ((clock[before.chosen] ?? 0) > j) continue;
      if (before.step === undefined || !conflicts(before.step, step)) continue;
      join(clock, before.clock);
      races.push(j);
    }
    clock[chosen] = depth + 1;
    // A settle point waits for everybody: what can come after it is found where it is taken.
    if (step.barrier) return;
    if (this.unordered !== undefined) for (const j of races) this.unordered(j, depth, tasks);
    if (!reverse) return;
    for (const j of races) {
      const before = path.at(j);
      if (before.full || (before.step !== undefined && holdsBack(before.step, step))) continue;
      this.reverse(j, depth, clock, chosen, tasks);
    }
  }

  /**
   * The state before node `depth`, seen for the first time: a step that has to wait races
   * with what made it wait, which need not be what it is ordered after when it runs at last
   * (an unlock lies between two locks).
   */
  wait(depth: number, tasks: readonly Task[]): void {
    const node = this.path.at(depth);
    if (node.phase === depth) return;
    const before = this.path.at(depth - 1);
    for (let i = 0; i < node.tasks; i++) {
      const waiting = tasks[i]?.pending;
      if (waiting === undefined || waiting.enabled === undefined || waiting.barrier) continue;
      if (this.last[i] === depth - 1) this.beganToWait(depth, i, waiting, tasks);
      else if (before.step !== undefined && conflicts(before.step, waiting)) this.waits(depth, i, waiting, tasks);
    }
  }

  private beganToWait(depth: number, task: number, waiting: Step, tasks: readonly Task[]): void {
    const node = this.path.at(depth);
    const own = this.path.at(depth - 1).clock;
    const able = ((node.marks[task] ?? 0) & ENABLED) !== 0;
    let latest = true;
    for (let j = depth - 1; j >= node.phase; j--) {
      const taken = this.path.at(j);
      if (taken.step === undefined || !conflicts(taken.step, waiting)) continue;
      // Whoever happens before the wait began cannot come after it.
      const settled = (latest && able && covers(taken.step, waiting)) || holdsBack(taken.step, waiting);
      if ((own[taken.chosen] ?? 0) <= j && !taken.full && !settled) {
        this.reverseWait(j, depth, task, waiting, tasks);
      }
      latest = false;
    }
  }

  private waits(depth: number, task: number, waiting: Step, tasks: readonly Task[]): void {
    const node = this.path.at(depth);
    const newest = this.path.at(depth - 1);
    const able = ((node.marks[task] ?? 0) & ENABLED) !== 0;
    if (newest.step !== undefined && !newest.full && !holdsBack(newest.step, waiting)) {
      if (!able || !covers(newest.step, waiting)) this.reverseWait(depth - 1, depth, task, waiting, tasks);
    }
    // The newest step may have to come before `waiting` in a reversal that was looked for already.
    const began = this.last[task] ?? -1;
    for (let j = depth - 2; j >= node.phase; j--) {
      const taken = this.path.at(j);
      if (taken.full || (newest.clock[taken.chosen] ?? 0) > j) continue;
      if (taken.step === undefined || !conflicts(taken.step, waiting) || covers(taken.step, waiting)) continue;
      if (holdsBack(taken.step, waiting)) continue;
      if (began >= 0 && (this.path.at(began).clock[taken.chosen] ?? 0) > j) continue;
      this.reverseWait(j, depth, task, waiting, tasks);
    }
  }

  /** `waiting` before the step of node `j`: after its own past and all it conflicts with that is not after `j`. */
  private reverseWait(j: number, depth: number, task: number, waiting: Step, tasks: readonly Task[]): void {
    const { path, clock } = this;
    const taker = path.at(j).chosen;
    this.startFrom(clock, task, 0);
    for (let k = depth - 1; k > j; k--) {
      const other = path.at(k);
      if ((other.clock[taker] ?? 0) > j || (clock[other.chosen] ?? 0) > k) continue;
      if (other.step !== undefined && conflicts(other.step, waiting)) join(clock, other.clock);
    }
    this.reverse(j, depth, clock, task, tasks);
  }

  /**
   * Wants, at node `j`, a task that leads to the schedules in which the next step of
   * `task` (x, with the clock `past`) comes before the step of node `j` (t).
   */
  private reverse(j: number, depth: number, past: Int32Array, task: number, tasks: readonly Task[]): void {
    const { path, first, seen } = this;
    const node = path.at(j);
    const { marks } = node;
    let count = 0;
    let add = -1;
    let served = false;
    let possible = true;
    // v: the steps after t that do not happen after it. A task is initial in v when nothing
    // in v happens before its first step there.
    for (let k = j + 1; k < depth; k++) {
      const other = path.at(k);
      if ((other.clock[node.chosen] ?? 0) > j) continue;
      const who = other.chosen;
      if ((first[who] ?? -1) >= 0) continue;
      let initial = true;
      for (let s = 0; s < count && initial; s++) {
        const earlier = seen[s] ?? 0;
        if ((other.clock[earlier] ?? 0) > (first[earlier] ?? 0)) initial = false;
      }
      first[who] = k;
      seen[count++] = who;
      if (!initial) continue;
      const mark = marks[who] ?? 0;
      const needed = (past[who] ?? 0) > k;
      if (needed) {
        if ((mark & ENABLED) === 0) possible = false;
        else if (add < 0) add = who;
      }
      // A timer that x does not need may as well come after the next settle point: it serves nobody else.
      if ((mark & (WANTED | ASLEEP)) !== 0 && (needed || tasks[who]?.kind !== 'timer')) served = true;
    }
    let initial = (first[task] ?? -1) < 0;
    for (let s = 0; s < count; s++) {
      const earlier = seen[s] ?? 0;
      if ((past[earlier] ?? 0) > (first[earlier] ?? 0)) initial = false;
      first[earlier] = -1;
    }
    if (initial) {
      const mark = task < node.tasks ? (marks[task] ?? 0) : 0;
      // x cannot run at N, and nothing that it could wait for is left to come before it.
      if ((mark & ENABLED) === 0) possible = false;
      if ((mark & (WANTED | ASLEEP)) !== 0) served = true;
      add = task;
    }
    if (!possible || served) return;
    if (add < 0) wantAll(node);
    else marks[add] = (marks[add] ?? 0) | WANTED;
  }

  /** Clock of what happens before any next step of `task`. */
  private startFrom(clock: Int32Array, task: number, phase: number): void {
    const began = this.last[task] ?? -1;
    if (began >= 0) clock.set(this.path.at(began).clock);
    else clock.fill(0);
    if (phase > 0) join(clock, this.path.at(phase - 1).clock);
  }
}

const join = (into: Int32Array, from: Int32Array): void => {
  for (let i = 0; i < into.length; i++) {
    const value = from[i] ?? 0;
    if (value > (into[i] ?? 0)) into[i] = value;
  }
};
