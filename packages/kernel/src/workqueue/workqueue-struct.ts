// SPDX-License-Identifier: GPL-2.0-only
import { KObject } from '../object.js';
import { elementOf, type StepOptions, type Touch } from '../step.js';
import { WQ_UNBOUND } from './flags.js';
import type { WorkInstance, work_struct } from './work.js';

export interface WorkqueueOptions {
  /** `WQ_…`, default 0: bound, each CPU has its own limit. */
  readonly flags?: number;
  /**
   * The kernel's max_active: works of one CPU, or of an unbound workqueue in all, that may be
   * active at a time, further ones wait in order of queueing. 0 or absent: the kernel's default,
   * which is larger than any program, so no limit.
   */
  readonly maxActive?: number;
  /**
   * Workers there are for it, over all CPUs. Absent: as many as are wanted, since a worker that
   * sleeps lets its pool start the next. 1 is a workqueue with WQ_MEM_RECLAIM when there is no
   * memory for another worker: its rescuer alone.
   */
  readonly workers?: number;
}

/** Kernel: struct pool_workqueue: what one CPU's limit counts. Kept only where there is a limit. */
export interface pool_workqueue {
  /** Queued and not started, in the order of queueing. */
  readonly queue: work_struct[];
  /** Works that run. */
  active: number;
}

/** The one pool_workqueue of an unbound workqueue (limits are system wide since 6.9). */
const UNBOUND = 0;

/** Kernel: struct workqueue_struct. */
export class workqueue_struct extends KObject {
  readonly flags: number;
  readonly maxActive: number;
  readonly workers: number;
  /** By CPU, those with works; empty without a limit. */
  readonly pools = new Map<number, pool_workqueue>();
  /** Works that are queued or run. */
  busy = 0;
  /** Works that run. */
  active = 0;
  /** Depth of drains in progress: only its own works may queue on it. */
  draining = 0;
  /** destroy_workqueue() began. */
  destroying = false;
  /** The instances that `busy` counts. They follow from their works, so they are no state of their own. */
  readonly #instances = new Set<WorkInstance>();
  readonly #touches = new Map<number, readonly Touch[]>();
  readonly #idleOptions: StepOptions = {
    ordering: 'full',
    enabled: () => this.busy === 0 || this.alloc.freedAt !== undefined,
  };

  constructor(
    readonly name: string,
    options: WorkqueueOptions = {},
  ) {
    super();
    this.flags = options.flags ?? 0;
    this.maxActive = options.maxActive === undefined || options.maxActive === 0 ? Infinity : options.maxActive;
    this.workers = options.workers ?? Infinity;
  }

  /** Does the order of queueing decide who may start? */
  get limited(): boolean {
    return this.maxActive !== Infinity || this.workers !== Infinity;
  }

  get instances(): ReadonlySet<WorkInstance> {
    return this.#instances;
  }

  get idleOptions(): StepOptions {
    return this.#idleOptions;
  }

  /** What a step touches that queues on the CPU, or starts or ends a work there. */
  touchesAt(cpu: number): readonly Touch[] {
    const key = this.keyOf(cpu);
    let touches = this.#touches.get(key);
    if (touches === undefined) this.#touches.set(key, (touches = [this.touch(key)]));
    return touches;
  }

  /** Books an instance on its queue. */
  enter(work: work_struct, instance: WorkInstance): void {
    this.busy++;
    this.#instances.add(instance);
    if (this.limited) this.poolOf(instance.cpu).queue.push(work);
  }

  /** The work goes from its queue to a worker. */
  begin(work: work_struct, instance: WorkInstance): void {
    this.active++;
    if (!this.limited) return;
    const pool = this.poolOf(instance.cpu);
    pool.queue.splice(pool.queue.indexOf(work), 1);
    pool.active++;
  }

  /** The worker is done with it. */
  end(instance: WorkInstance): void {
    this.active--;
    if (this.limited) this.poolOf(instance.cpu).active--;
    this.leave(instance);
  }

  /** The work is taken off its queue. */
  withdraw(work: work_struct, instance: WorkInstance): void {
    if (this.limited) {
      const { queue } = this.poolOf(instance.cpu);
      queue.splice(queue.indexOf(work), 1);
    }
    this.leave(instance);
  }

  /** Is the work active, and is there a worker for it? Workers take what is active in order of queueing. */
  mayStart(work: work_struct, instance: WorkInstance): boolean {
    if (!this.limited) return true;
    const { queue, active } = this.poolOf(instance.cpu);
    const rank = queue.indexOf(work);
    if (rank + active >= this.maxActive) return false;
    if (this.workers === Infinity) return true;
    // What is queued while it runs waits for its own worker, and takes no other.
    const earlier = queue.slice(0, rank).filter((other) => other.running?.wq !== this);
    return earlier.length + this.active < this.workers;
  }

  private leave(instance: WorkInstance): void {
    this.busy--;
    this.#instances.delete(instance);
    instance.done = true;
    const pool = this.pools.get(this.keyOf(instance.cpu));
    if (pool?.active === 0 && pool.queue.length === 0) this.pools.delete(this.keyOf(instance.cpu));
  }

  private poolOf(cpu: number): pool_workqueue {
    const key = this.keyOf(cpu);
    let pool = this.pools.get(key);
    if (pool === undefined) this.pools.set(key, (pool = { queue: [], active: 0 }));
    return pool;
  }

  private keyOf(cpu: number): number {
    return (this.flags & WQ_UNBOUND) === 0 ? cpu : UNBOUND;
  }

  private touch(key: number): Touch {
    if (this.workers !== Infinity) return { object: this, field: 'pwq', access: 'update' };
    if (this.limited) return { object: this, field: elementOf('pwq', key), access: 'update' };
    return { object: this, field: 'pwq', access: 'add' };
  }
}
