// SPDX-License-Identifier: GPL-2.0-only
import type { bio } from './block/bio.js';
import { Calls } from './calls.js';
import { Frame, stackOf } from './frame.js';
import type { capability } from './cred/capability.js';
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
  /** What the task may do; absent: everything. */
  readonly capabilities?: ReadonlySet<capability>;
  /** The work or timer it serves: identifies the task in digests, where labels must not. */
  readonly subject?: KObject;
}

/** A thread of the simulated kernel: a generator and the step it is about to take. */
export class Task {
  /** What it runs, and how far it is. */
  private calls: Calls | undefined;
  readonly kind: TaskKind;
  readonly service: boolean;
  cpu: number;
  /** Innermost kernel function; undefined in the program's own code. */
  frame: Frame | undefined = undefined;
  /**
   * Counts the steps outside any kernel function, so that two rests of one task are two
   * states. A service has none: each round of its loop is the same state again.
   */
  readonly root: Frame | undefined;
  /** The step to be taken next; undefined before the first and after the last. */
  pending: Step | undefined = undefined;
  done = false;
  /** Objects it has made. */
  made = 0;
  /** Ended by an oops. */
  killed = false;
  readonly subject: KObject | undefined;
  /** What it may do; undefined: everything. Fixed for its life. */
  readonly capabilities: ReadonlySet<capability> | undefined;
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
    body: Steps<void>,
    options: TaskOptions,
  ) {
    this.calls = new Calls(body);
    this.kind = options.kind ?? 'user';
    this.service = options.service ?? false;
    this.root = this.service ? undefined : new Frame(name);
    this.cpu = options.cpu ?? 0;
    this.subject = options.subject;
    this.capabilities = options.capabilities;
  }

  /** Call stack, innermost first. */
  stack(): string[] {
    return stackOf(this.frame);
  }

  /** Calls a function that is no kernel function of its own: a work's, a timer's. */
  enter(fn: string): void {
    this.frame = new Frame(fn, this.frame);
  }

  /** Returns from what {@link enter} called. */
  leave(): void {
    this.frame = this.frame?.caller;
  }

  /**
   * Goes on to the next step, or to the end.
   * @throws Oops it has to be killed
   */
  advance(): void {
    this.pending = this.calls?.advance(this);
    if (this.pending === undefined) this.end();
  }

  /** What it ran is of no more use: a long run has many tasks that have ended. */
  private end(): void {
    this.done = true;
    this.calls = undefined;
    this.frame = undefined;
  }

  /** Ends it in the middle of what it does, as an oops does. */
  kill(): void {
    this.pending = undefined;
    this.killed = true;
    this.end();
  }

  get runnable(): boolean {
    return this.pending !== undefined && this.pending.isEnabled();
  }
}
