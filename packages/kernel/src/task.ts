// SPDX-License-Identifier: GPL-2.0-only
import type { Step, Steps } from './step.js';

/** Who runs it; the virtual-time chooser lets timers wait until nothing else can run. */
export type TaskKind = 'user' | 'kworker' | 'timer' | 'irq';

export interface TaskOptions {
  readonly kind?: TaskKind;
  /** CPU it runs on, default 0; the NUMA node follows from the machine's topology. */
  readonly cpu?: number;
  /** A service of the machine (worker, timer): waiting for ever is its normal end. */
  readonly service?: boolean;
}

/** One activation of a kernel function. */
export class Frame {
  private readonly seen = new Map<string, number>();

  constructor(readonly fn: string) {}

  /** Counts the steps of one operation on one target within this activation. */
  next(key: string): number {
    const nth = this.seen.get(key) ?? 0;
    this.seen.set(key, nth + 1);
    return nth;
  }
}

/** A thread of the simulated kernel: a generator and the step it is about to take. */
export class Task {
  readonly kind: TaskKind;
  readonly service: boolean;
  cpu: number;
  readonly frames: Frame[] = [];
  /** The step to be taken next; undefined before the first and after the last. */
  pending: Step | undefined = undefined;
  done = false;
  /** Ended by an oops. */
  killed = false;

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
    this.cpu = options.cpu ?? 0;
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
