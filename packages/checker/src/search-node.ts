// SPDX-License-Identifier: GPL-2.0-only
import type { Step } from '@libmultipath/kernel';

/** Marks a node keeps for each task, by position in the machine's task list. */
export const ENABLED = 1;
/** To be explored from here. */
export const WANTED = 2;
/** Explored from here, with all that follows. */
export const DONE = 4;
/** Asleep: explored from an earlier node, and nothing since conflicts with it. */
export const ASLEEP = 8;

/**
 * One place of the search path: the state before a step, and the step taken from it.
 *
 * Tasks are numbered by the machine's task list. That is safe within the search although
 * numbers may differ between schedules: whatever a node holds is about one prefix of
 * choices, and a prefix always creates the same tasks in the same order. What leaves the
 * search names tasks by name.
 */
export class SearchNode {
  marks: Uint8Array;
  /**
   * Vector clock of the step taken here: for each task, 1 + the depth of its last step
   * that happens before this one or is this one; 0: none.
   */
  clock: Int32Array;
  /** Tasks that existed before the step. */
  tasks = 0;
  /** Task that takes the step; -1: nobody could. */
  chosen = -1;
  branch = 0;
  branches = 1;
  /** The step in the current run: made anew by each run, with the same site. */
  step: Step | undefined = undefined;
  /** The first run's step, to notice a program that differs from run to run. */
  op = '';
  field = '';
  /** Depth of the first step after the last settle point before this node. */
  phase = 0;
  /** Everything that can go on from here is wanted: no reversal has to be looked for. */
  full = false;
  /** Preemptions spent on the way here; kept only when nothing is reduced. */
  preemptions = 0;
  /** Task that took the step before and could go on; -1: none. */
  running = -1;

  constructor(capacity: number) {
    this.marks = new Uint8Array(capacity);
    this.clock = new Int32Array(capacity);
  }

  /** Preemptions that the present choice costs. */
  get cost(): number {
    return this.running >= 0 && this.chosen !== this.running ? 1 : 0;
  }

  grow(capacity: number): void {
    const { marks, clock } = this;
    this.marks = new Uint8Array(capacity);
    this.marks.set(marks);
    this.clock = new Int32Array(capacity);
    this.clock.set(clock);
  }
}

/**
 * The search path. Nodes are kept and used again, so that a step of the search allocates
 * nothing.
 */
export class SearchPath {
  private readonly nodes: SearchNode[] = [];
  /** Tasks the nodes have room for. */
  capacity = 16;

  at(depth: number): SearchNode {
    let node = this.nodes[depth];
    if (node === undefined) {
      node = new SearchNode(this.capacity);
      this.nodes[depth] = node;
    }
    return node;
  }

  /** Makes room for `tasks` tasks. @returns whether something had to grow */
  reserve(tasks: number): boolean {
    if (tasks <= this.capacity) return false;
    while (this.capacity < tasks) this.capacity *= 2;
    for (const node of this.nodes) node.grow(this.capacity);
    return true;
  }
}
