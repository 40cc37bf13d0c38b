// SPDX-License-Identifier: GPL-2.0-only
import type { Chooser } from './chooser.js';
import { currentMachineOrNone, currentOrNone, setCurrent, withCurrent } from './current.js';
import { errors } from './errors.js';
import { Allocation, KObject, type Where } from './object.js';
import { Oops, type Report, type ReportClass } from './report.js';
import type { Step, Steps } from './step.js';
import { Task, type TaskOptions } from './task.js';
import { singleNode, type NumaTopology } from './topology.js';

/** Timer interrupts a second; Debian's kernels use 250. */
export const HZ = 250;

/** The clock's own object: what timers and whoever arms them conflict on. */
export class machine_clock extends KObject {
  /** Virtual time in ticks of 1/{@link HZ} s. */
  jiffies = 0;
  /** Expiry times of the armed timers. */
  readonly armed = new Map<KObject, number>();
}

/** One line of the kernel log. */
export interface LogLine {
  readonly level: 'err' | 'warn' | 'notice' | 'info' | 'debug';
  readonly text: string;
}

/** One uevent: action and the path of the device below `/sys`. */
export interface Uevent {
  readonly action: string;
  readonly path: string;
}

/** One step that was taken. */
export interface MachineEvent {
  readonly index: number;
  readonly task: Task;
  readonly step: Step;
}

export interface MachineOptions {
  readonly numa?: NumaTopology;
  /** Bound on the steps of one run (LMP-003 beyond it). Default 1,000,000. */
  readonly maxSteps?: number;
  /** Sees each step right after its effect. */
  readonly onEvent?: (event: MachineEvent) => void;
}

/**
 * How a run ended. `finished`: the program says so, or nobody is left but idle services;
 * `stuck`: tasks wait and nothing can wake them; `stopped`: by the chooser.
 */
export type RunEnd = 'finished' | 'stuck' | 'stopped';

/**
 * The simulated kernel: tasks, and a loop that lets one of them take one step. All
 * randomness and all time come through the chooser; the same choices give the same run.
 */
export class Machine {
  readonly tasks: Task[] = [];
  readonly reports: Report[] = [];
  readonly numa: NumaTopology;
  readonly clock: machine_clock;
  /** Global variables of the simulated kernel: roots of every state digest. */
  readonly globals = new Map<string, unknown>();
  /** What the kernel printed. Order between tasks is that of the schedule. */
  readonly log: LogLine[] = [];
  readonly uevents: Uevent[] = [];
  /** Locks that were taken while the key was held: what lock-order reports are found by. */
  readonly lockOrder = new Map<KObject, Set<KObject>>();
  /** Steps taken. */
  steps = 0;
  private readonly byName = new Map<string, Task>();
  private readonly kinds = new Map<string, number>();
  private allocations = 0;
  private readonly maxSteps: number;
  private readonly onEvent: ((event: MachineEvent) => void) | undefined;
  private readonly enabled: Task[] = [];

  constructor(options: MachineOptions = {}) {
    this.numa = options.numa ?? singleNode;
    this.maxSteps = options.maxSteps ?? 1_000_000;
    this.onEvent = options.onEvent;
    this.clock = withCurrent(this, undefined, () => new machine_clock());
  }

  /** Books an allocation of the running task. */
  allocate(kind: string): Allocation {
    const nth = (this.kinds.get(kind) ?? 0) + 1;
    this.kinds.set(kind, nth);
    return new Allocation(++this.allocations, `${kind}#${String(nth)}`, this.here());
  }

  /** The running task and its stack. */
  here(): Where {
    const task = currentOrNone();
    return task === undefined ? { task: 'boot', stack: [] } : { task: task.name, stack: task.stack() };
  }

  /**
   * Starts a task and runs it up to its first step (private computation only).
   * @throws LMP-001 the name is taken: names identify tasks across schedules
   */
  spawn(name: string, start: () => Steps<void>, options: TaskOptions = {}): Task {
    if (this.byName.has(name)) {
      throw errors.fail('LMP-001', {
        message: `a task named ${name} exists already`,
        todo: 'give each task its own name',
      });
    }
    const task = new Task(this.tasks.length, name, start(), options);
    this.tasks.push(task);
    this.byName.set(name, task);
    this.resume(task);
    return task;
  }

  task(name: string): Task | undefined {
    return this.byName.get(name);
  }

  /** Runs until the program is finished, nothing can run, or the chooser stops. */
  run(chooser: Chooser, isFinished: () => boolean = () => false): RunEnd {
    while (!isFinished()) {
      const enabled = this.collectEnabled();
      if (enabled.length === 0) return this.isIdle() ? 'finished' : 'stuck';
      const task = chooser.pick(enabled, this);
      if (task === undefined) return 'stopped';
      this.take(task, chooser);
    }
    return 'finished';
  }

  /** Tasks that can take their step now, in order of creation. The array is reused. */
  collectEnabled(): readonly Task[] {
    const machineBefore = currentMachineOrNone();
    const taskBefore = currentOrNone();
    setCurrent(this, undefined);
    this.enabled.length = 0;
    for (const task of this.tasks) if (task.runnable) this.enabled.push(task);
    setCurrent(machineBefore, taskBefore);
    return this.enabled;
  }

  /** Is every other task that is no timer unable to go on? The condition of a settle point. */
  settledBut(except: Task): boolean {
    return this.tasks.every((task) => task === except || task.kind === 'timer' || !task.runnable);
  }

  /** Books a report of the running task; the kernel goes on (WARN). */
  report(
    reportClass: ReportClass,
    message: string,
    object: KObject | undefined,
    others: Report['others'] = [],
  ): Report {
    const task = currentOrNone();
    const step = task?.pending;
    const report: Report = {
      class: reportClass,
      message,
      object: object?.label ?? '',
      task: task?.name ?? 'boot',
      site: step === undefined ? undefined : { fn: step.fn, op: step.op, target: step.target, nth: step.nth },
      stack: task?.stack() ?? [],
      others,
    };
    this.reports.push(report);
    return report;
  }

  /** Books a report and kills the running task, as an oops does. */
  oops(reportClass: ReportClass, message: string, object: KObject | undefined, others: Report['others'] = []): never {
    throw new Oops(this.report(reportClass, message, object, others));
  }

  private isIdle(): boolean {
    return this.tasks.every((task) => task.done || (task.service && !task.busy));
  }

  private take(task: Task, chooser: Chooser): void {
    const step = task.pending;
    if (step === undefined)
      throw errors.fail('LMP-002', { message: `task ${task.name} was picked but has no step to take` });
    if (++this.steps > this.maxSteps) {
      throw errors.fail('LMP-003', {
        message: `the run took more than ${String(this.maxSteps)} steps`,
        where: `${task.name} in ${step.fn}`,
        todo: 'a loop of the program has no bound, or raise maxSteps',
      });
    }
    if (step.branches > 1) step.branch = chooser.branch?.(task, step) ?? 0;
    this.resume(task);
    this.onEvent?.({ index: this.steps - 1, task, step });
  }

  private leakedLocks(task: Task): void {
    const locks = task.held.map((lock) => lock.label).join(', ');
    this.report('deadlock', `WARNING: lock held when returning to user space! ${locks}`, task.held[0]);
  }

  private resume(task: Task): void {
    const machineBefore = currentMachineOrNone();
    const taskBefore = currentOrNone();
    setCurrent(this, task);
    try {
      const next = task.body.next();
      task.pending = next.done === true ? undefined : next.value;
      task.done = next.done === true;
      if (task.done && task.held.length > 0) this.leakedLocks(task);
    } catch (error) {
      if (!(error instanceof Oops)) throw error;
      task.pending = undefined;
      task.done = true;
      task.killed = true;
    } finally {
      setCurrent(machineBefore, taskBefore);
    }
  }
}
