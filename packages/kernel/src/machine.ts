// SPDX-License-Identifier: GPL-2.0-only
import type { Chooser } from './chooser.js';
import { judged } from './calls.js';
import { currentMachineOrNone, currentOrNone, setCurrent, withCurrent } from './current.js';
import { errors } from './errors.js';
import { Place, plainWhere } from './frame.js';
import type { Failable } from './memory/failable.js';
import { Allocation, KObject, type Where } from './object.js';
import { Oops, type Report, type ReportClass } from './report.js';
import { siteOf, type Step, type Steps } from './step.js';
import { Task, type TaskOptions } from './task.js';
import { checkTopology, singleNode, type NumaTopology } from './topology.js';

/** Timer interrupts a second; Debian's kernels use 250. */
export const HZ = 250;

/** Lines that the log keeps at least. */
const LOG_LINES = 50_000;
/** Reports that are kept whatever they say. */
const MAX_REPORTS = 10_000;

/** Where a program is made, before any task runs. */
const BOOT: Where = { task: 'boot', stack: [] };

/** The clock's own object: what timers and whoever arms them conflict on. */
export class machine_clock extends KObject {
  /** Virtual time in ticks of 1/{@link HZ} s. */
  jiffies = 0;
  /** Expiry times of the armed timers. */
  readonly armed = new Map<KObject, number>();
}

/** One line of the kernel log. */
export interface LogLine {
  readonly level: 'emerg' | 'alert' | 'crit' | 'err' | 'warn' | 'notice' | 'info' | 'debug';
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
  /**
   * Which allocations the environment may refuse, of those whose caller says that they may fail.
   * Absent: each that says so for itself (`mayFail: true`).
   */
  readonly failable?: Failable;
  /** Apply the kernel's rate limits (10 messages of one place in 5 s) to the log. Default: every message is in it. */
  readonly ratelimit?: boolean;
  /**
   * A timer expires only when nobody else can go on, settle points included: programs whose timers are long against all
   * that is done. Default: at every moment, in the order of their times.
   */
  readonly lateTimers?: boolean;
  /** Keep all objects that are made, for who has to look at the whole memory. Default: no. */
  readonly keepObjects?: boolean;
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
  /** Those that have not ended, in order of creation. */
  private readonly live: Task[] = [];
  readonly reports: Report[] = [];
  /** Reports that are not in {@link reports}, because many of their class and site are. */
  repeatedReports = 0;
  readonly numa: NumaTopology;
  readonly clock: machine_clock;
  readonly failable: Failable | undefined;
  readonly ratelimit: boolean;
  readonly lateTimers: boolean;
  /** Global variables of the simulated kernel: roots of every state digest. */
  readonly globals = new Map<string, unknown>();
  /** What the kernel printed. Order between tasks is that of the schedule. */
  readonly log: LogLine[] = [];
  /** Lines that the log lost, the oldest first: it is a ring, as the kernel's. */
  droppedLines = 0;
  readonly uevents: Uevent[] = [];
  /** Locks that were taken while the key was held: what lock-order reports are found by. */
  readonly lockOrder = new Map<KObject, Set<KObject>>();
  /** Objects that the program itself made. */
  made = 0;
  /** All objects in order of creation, when they are kept. */
  readonly objects: KObject[] | undefined;
  /** Tasks that were killed because the condition of their step threw: by being asked, not by a step. */
  conditionFaults = 0;
  /** Steps taken. */
  steps = 0;
  private readonly byName = new Map<string, Task>();
  /** Allocations of each kind, found by class: a class's name is slow to read. */
  private readonly kinds = new Map<unknown, { readonly kind: string; count: number }>();
  private allocations = 0;
  private preparing = false;
  private readonly maxSteps: number;
  private readonly onEvent: ((event: MachineEvent) => void) | undefined;
  private readonly enabled: Task[] = [];

  constructor(options: MachineOptions = {}) {
    this.numa = options.numa === undefined ? singleNode : checkTopology(options.numa);
    this.maxSteps = options.maxSteps ?? 1_000_000;
    this.onEvent = options.onEvent;
    this.failable = options.failable;
    this.ratelimit = options.ratelimit ?? false;
    this.lateTimers = options.lateTimers ?? false;
    this.objects = options.keepObjects === true ? [] : undefined;
    this.clock = withCurrent(this, undefined, () => new machine_clock());
  }

  /** Books an allocation of the running task, for an object with nothing around it. */
  allocate(object: KObject): Allocation {
    let booked = this.kinds.get(object.constructor);
    if (booked === undefined) {
      const { kind } = object;
      // Two classes of one name are one kind.
      booked = this.kinds.get(kind) ?? { kind, count: 0 };
      this.kinds.set(kind, booked);
      this.kinds.set(object.constructor, booked);
    }
    return new Allocation(++this.allocations, booked.kind, ++booked.count, this.here());
  }

  /** Allocations made so far: the number of the newest. */
  get allocated(): number {
    return this.allocations;
  }

  /** The running task and its stack. */
  here(): Where {
    const task = currentOrNone();
    return task === undefined ? BOOT : new Place(task.name, task.frame);
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
    this.live.push(task);
    this.byName.set(name, task);
    this.resume(task);
    return task;
  }

  task(name: string): Task | undefined {
    return this.byName.get(name);
  }

  /**
   * Runs a part of a program's initial state, in `make`: tasks may wait for each other, but none of their
   * schedules but this one is explored, and nobody is shown the steps.
   * @throws LMP-004 somebody other than an idle service cannot go on: this is no state to begin with
   */
  prepare(chooser: Chooser): void {
    this.preparing = true;
    const end = this.run(chooser);
    this.preparing = false;
    this.steps = 0;
    // What went wrong before is in the reports, and stands in everybody's way.
    if (end !== 'stuck' || this.reports.length > 0) return;
    const stuck = this.live.find((task) => !task.service);
    // A worker may begin in the middle of an item that waits for what the program will do.
    if (stuck === undefined) return;
    throw errors.fail('LMP-004', {
      message: 'the initial state of a program waits for something that cannot happen yet',
      where: `${stuck.name} in ${stuck.pending?.fn ?? ''}`,
      todo: 'move this part into a task of the program',
    });
  }

  /** Runs until the program is finished, nothing can run, or the chooser stops. */
  run(chooser: Chooser, isFinished: () => boolean = () => false): RunEnd {
    let last: Task | undefined;
    while (!isFinished()) {
      const forced = chooser.forced?.(this);
      if (forced !== undefined) {
        this.take(forced, chooser);
        last = forced;
        continue;
      }
      if (last === undefined || !this.goesOn(last, chooser)) {
        const enabled = this.collectEnabled();
        if (enabled.length === 0) return this.isIdle() ? 'finished' : 'stuck';
        last = chooser.pick(enabled, this);
        if (last === undefined) return 'stopped';
      }
      this.take(last, chooser);
    }
    return 'finished';
  }

  /** Is the chooser known to pick the task that ran last, without being shown the others? */
  private goesOn(last: Task, chooser: Chooser): boolean {
    const { pending } = last;
    if (pending === undefined || chooser.stays?.(last) !== true) return false;
    if (pending.traits.enabled === undefined) return true;
    const machineBefore = currentMachineOrNone();
    const taskBefore = currentOrNone();
    setCurrent(this, undefined);
    const can = this.canRun(last);
    setCurrent(machineBefore, taskBefore);
    return can;
  }

  /** Tasks that can take their step now, in order of creation. The array is reused. */
  collectEnabled(): readonly Task[] {
    const machineBefore = currentMachineOrNone();
    const taskBefore = currentOrNone();
    setCurrent(this, undefined);
    const { enabled, live } = this;
    let count = 0;
    // A task that is killed for its condition leaves the list.
    for (let at = 0; at < live.length; at++) {
      const task = live[at];
      if (task === undefined || task.pending === undefined) continue;
      if (task.pending.traits.enabled === undefined || this.canRun(task)) enabled[count++] = task;
      else if (task.done) at--;
    }
    // Setting a length is slow, even to what it is.
    if (enabled.length !== count) enabled.length = count;
    setCurrent(machineBefore, taskBefore);
    return enabled;
  }

  /** Asks the condition of the task's step; a driver's may throw, which kills the task. */
  private canRun(task: Task): boolean {
    try {
      return task.runnable;
    } catch (error) {
      this.conditionFaults++;
      withCurrent(this, task, () => {
        const { pending } = task;
        const where = pending === undefined ? '' : ` in the condition of ${pending.op} ${pending.target}`;
        const fault = judged(task, error, where);
        if (!(fault instanceof Oops)) throw fault;
        this.kill(task);
      });
      return false;
    }
  }

  /** Is every other task that is no timer unable to go on? The condition of a settle point. */
  settledBut(except: Task): boolean {
    return this.live.every((task) => task === except || task.kind === 'timer' || !task.runnable);
  }

  /** Prints into the log. */
  print(line: LogLine): void {
    if (this.log.length >= 2 * LOG_LINES) {
      this.log.splice(0, LOG_LINES);
      this.droppedLines += LOG_LINES;
    }
    this.log.push(line);
  }

  /**
   * Books a report of the running task; the kernel goes on (WARN).
   * @param at the place, where it is not that of the task's step
   */
  report(
    reportClass: ReportClass,
    message: string,
    object: KObject | undefined,
    others: Report['others'] = [],
    at?: Pick<Report, 'site' | 'stack'>,
  ): Report {
    const task = currentOrNone();
    const step = task?.pending;
    const report: Report = {
      class: reportClass,
      message,
      object: object?.label ?? '',
      task: task?.name ?? 'boot',
      site: step === undefined ? undefined : siteOf(step),
      stack: task?.stack() ?? [],
      others: others.map(({ role, where }) => ({ role, where: plainWhere(where) })),
      ...at,
    };
    this.keep(report);
    return report;
  }

  /** A driver may warn with each of its steps: past a bound only what is new is kept. */
  private keep(report: Report): void {
    if (this.reports.length >= MAX_REPORTS) {
      const same = (other: Report): boolean =>
        other.class === report.class && other.site?.fn === report.site?.fn && other.site?.op === report.site?.op;
      if (this.reports.some(same)) {
        this.repeatedReports++;
        return;
      }
    }
    this.reports.push(report);
  }

  /** Books a report and kills the running task, as an oops does. */
  oops(
    reportClass: ReportClass,
    message: string,
    object: KObject | undefined,
    others: Report['others'] = [],
    at?: Pick<Report, 'site' | 'stack'>,
  ): never {
    throw new Oops(this.report(reportClass, message, object, others, at));
  }

  private isIdle(): boolean {
    return this.live.every((task) => task.service && !task.busy);
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
    if (step.traits.depends) step.freeze();
    this.resume(task);
    if (!this.preparing) this.onEvent?.({ index: this.steps - 1, task, step });
  }

  private ended(task: Task): void {
    this.live.splice(this.live.indexOf(task), 1);
  }

  private kill(task: Task): void {
    task.kill();
    this.ended(task);
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
      task.advance();
      if (task.done) {
        this.ended(task);
        if (task.held.length > 0) this.leakedLocks(task);
      }
    } catch (error) {
      if (!(error instanceof Oops)) throw error;
      this.kill(task);
    } finally {
      setCurrent(machineBefore, taskBefore);
    }
  }
}
