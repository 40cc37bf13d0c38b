// SPDX-License-Identifier: GPL-2.0-only
import { KObject } from '../object.js';
import { nothing, type StepOptions, type Steps, type Touch } from '../step.js';
import type { module } from '../module/module.js';
import type { workqueue_struct } from './workqueue-struct.js';

/** One queueing of a work: what a flush waits for. */
export class WorkInstance {
  /** It ran to its end, or was taken off its queue. */
  done = false;
  /** What a step touches that queues, starts or ends it. */
  readonly #touches: readonly Touch[];
  // Follows from the work: it is the one that runs, or has run.
  #started = false;

  constructor(
    readonly wq: workqueue_struct,
    /** CPU of who queued it: the worker runs there. */
    readonly cpu: number,
    /** {@link work_struct.epoch} in which it was queued. */
    readonly epoch: number,
  ) {
    this.#touches = wq.touchesAt(cpu);
  }

  get touches(): readonly Touch[] {
    return this.#touches;
  }

  /** Has a worker taken it? */
  get started(): boolean {
    return this.#started;
  }

  /** A worker takes it. */
  start(): void {
    this.#started = true;
  }
}

export interface WorkOptions {
  /** Module whose text the function is: running it after the unload is reported. */
  readonly owner?: module;
}

/** Element of `data`: the pending bit and the place on a queue, which a worker clears that takes the work. */
export const PENDING = 0;
/** Element of `data`: which queueing is the newest. A worker that takes the work leaves it as it is. */
export const INSTANCE = 1;

/**
 * Kernel: struct work_struct. Its function runs in a task of its own, never twice at a time.
 * Steps touch it in three fields, so that an end meets only those who wait for it: `data` (pending bit,
 * place on a queue, cancellations), `running`, and `done` by epochs, for flushes.
 */
export class work_struct extends KObject {
  /** Queued and not yet started, or waiting for its timer: the pending bit. */
  pending = false;
  /** The instance on a queue. */
  queued: WorkInstance | null = null;
  running: WorkInstance | null = null;
  /** Depth of cancellations in progress: a queueing does nothing meanwhile. */
  disabled = 0;
  /** Queueings before a flush and after it: a flush awaits the ends of those of its own epoch, and of earlier ones. */
  epoch = 0;
  /** A flush began in this epoch: the next queueing begins another. */
  flushed = false;
  /** It was put on a workqueue without WQ_MEM_RECLAIM: who must go on without memory may not wait for it. */
  unreclaimed = false;
  readonly owner: module | undefined;
  readonly #notRunning: StepOptions = {
    enabled: () => this.running === null || this.alloc.freedAt !== undefined,
    tells: nothing,
    also: [{ object: this, field: 'running', access: 'read' }],
  };

  constructor(
    container: KObject | undefined,
    readonly fn: (work: work_struct) => Steps<void>,
    readonly name: string,
    options: WorkOptions = {},
  ) {
    super(container);
    this.owner = options.owner;
    const guard = {
      activeAtFree: () =>
        this.pending ? `ODEBUG: free active (active state 0) object type: work_struct hint: ${this.name}` : undefined,
    };
    (this.alloc.guards ??= []).push(guard);
  }

  get notRunning(): StepOptions {
    return this.#notRunning;
  }
}
