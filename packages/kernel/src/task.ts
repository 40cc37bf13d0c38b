// SPDX-License-Identifier: GPL-2.0-only
import type { bio } from './block/bio.js';
import type { KObject } from './object.js';
import type { Step, Steps } from './step.js';

/** Who runs it; the virtual-time chooser lets timers wait until nothing else can run. */
export type TaskKind = 'user' | 'kworker' | 'timer' | 'irq';

export interface TaskOptions {
  readonly kind?: TaskKind;
  /** CPU it runs on, default 0; the NUMA node follows from the machine's topology. */
  readonly cpu?: number;
  /** A service of the machine (worker, timer): waiting for ever is its normal end. */
  readonly service?: boolean;
  /** The work or timer it serves: identifies the task in digests, where labels must not. */
  readonly subject?: KObject;
}

/** How often an activation did one operation on one field of one kind of object. */
interface Counter {
  readonly op: string;
  readonly structure: unknown;
  readonly field: string;
  count: number;
}

/** One activation of a kernel function. */
export class Frame {
  /** An activation has few distinct sites, so that comparing beats building and hashing a key. */
  private readonly seen: Counter[] = [];

  constructor(readonly fn: string) {}

  /** Counts the steps of one operation on one target within this activation. */
  next(op: string, object: KObject, field: string): number {
    const structure = object.constructor;
    for (const counter of this.seen) {
      if (counter.op === op && counter.field === field && counter.structure === structure) return counter.count++;
    }
    this.seen.push({ op, structure, field, count: 1 });
    return 0;
  }
}

/** A thread of the simulated kernel: a generator and the step it is about to take. */
export class Task {
  readonly kind: TaskKind;
  readonly service: boolean;
  cpu: number;
  readonly frames: Frame[] = [];
  /**
   * Counts the steps outside any kernel function, so that two rests of one task are two
   * states. A service has none: each round of its loop is the same state again.
   */
  readonly root: Frame | undefined;
  /** The step to be taken next; undefined before the first and after the last. */
  pending: Step | undefined = undefined;
  done = false;
  /** Ended by an oops. */
  killed = false;
  readonly subject: KObject | undefined;
  /** A service in the middle of an item: waiting for ever is not its normal end now. */
  busy = false;
  /** Locks held, in order of acquisition. */
  readonly held: KObject[] = [];
  /** Depth of contexts in which sleeping is not allowed (spinlocks held, timer callback). */
  atomicDepth = 0;
  /** The kernel's `current->bio_list`: bios submitted from below a running `->submit_bio`. */
  bio_list: bio[] | undefined = undefined;

  constructor(
    /** Position in the machine's task list. */
    readonly index: number,
    /**
     * Name that is the same in every schedule in which the task exists: schedules and
     * replay tokens name tasks by it.
     */
    readonly name: string,
    readonly body: Steps<void>,
    options: TaskOptions,
  ) {
    this.kind = options.kind ?? 'user';
    this.service = options.service ?? false;
    this.root = this.service ? undefined : new Frame(name);
    this.cpu = options.cpu ?? 0;
    this.subject = options.subject;
  }

  get frame(): Frame | undefined {
    return this.frames.at(-1);
  }

  /** Call stack, innermost first. */
  stack(): string[] {
    return this.frames.map((frame) => frame.fn).reverse();
  }

  get runnable(): boolean {
    return this.pending !== undefined && this.pending.isEnabled();
  }
}
