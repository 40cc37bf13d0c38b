// SPDX-License-Identifier: GPL-2.0-only
import type { Chooser, Machine, MachineEvent, Program, Report, Step, Task } from '@libmultipath/kernel';
import { choiceOf, type Schedule } from '../choice.js';
import { failedRun, ProgramInstance, type ProgramEnd } from '../run-program.js';
import { judge } from '../properties/judge.js';
import { occurrencesOf, type JudgedReport, type Occurrence } from './occurrence.js';
import { blockedTasksOf, type BlockedTask } from './waiters.js';
import { raceReporter } from '../race/race-report.js';

/** One step of a traced run, with what only the run itself knows. */
export interface TraceEvent {
  readonly index: number;
  readonly task: Task;
  readonly step: Step;
  /** Innermost first, as the step was taken. */
  readonly stack: readonly string[];
  /** Names of the other tasks that could have gone on instead. */
  readonly others: readonly string[];
  /** Index of the step that spawned the task; -1: it was there from the start. */
  readonly bornAt: number;
}

/** One whole run, or the beginning of one. */
export interface RunTrace {
  readonly events: readonly TraceEvent[];
  readonly end: ProgramEnd;
  readonly reports: readonly Report[];
  /** What went wrong in it, in the order in which it showed. */
  readonly occurrences: readonly Occurrence[];
  /** Who could not go on when it ended. */
  readonly blocked: readonly BlockedTask[];
  readonly machine: Machine;
  readonly outcome: unknown;
}

/** Sees each step before and after its effect. */
export interface TraceObserver {
  before?(task: Task, step: Step): void;
  after?(event: MachineEvent): void;
  /** Keep the call stack of each step; without it they are empty, and the run is faster. */
  readonly stacks?: boolean;
}

/**
 * Runs a program once and keeps all that a finding is made of.
 * @throws LMP-301 kernel code threw
 */
export const traceRun = (program: Program, chooser: Chooser, observer: TraceObserver = {}): RunTrace => {
  const events: TraceEvent[] = [];
  /** Index of the step by which the n-th report was booked; -1: before the first. */
  const reportedAt: number[] = [];
  const birth = new Map<Task, number>();
  const noteNew = (machine: Machine): void => {
    const at = events.length - 1;
    for (let i = birth.size; i < machine.tasks.length; i++) {
      const task = machine.tasks[i];
      if (task !== undefined) birth.set(task, at);
    }
    while (reportedAt.length < machine.reports.length) reportedAt.push(at);
  };
  const { properties = [] } = program;
  const judged: JudgedReport[] = [];
  let races: ReturnType<typeof raceReporter> | undefined;
  const ask = (machine: Machine, moment: 'settled' | 'step' | 'end'): void => {
    for (const report of judge(properties, machine, moment)) {
      judged.push({ report, at: events.length - 1, whole: moment === 'end' });
    }
  };
  const pick: Chooser['pick'] = (enabled, machine) => {
    noteNew(machine);
    // Where a settle point can be passed everything is at rest, whether or not it is passed now.
    if (properties.length > 0 && enabled.some(({ pending }) => pending?.barrier === true)) ask(machine, 'settled');
    const task = chooser.pick(enabled, machine);
    const step = task?.pending;
    if (task === undefined || step === undefined) return undefined;
    // The list of the enabled is reused by the machine.
    const others = enabled.filter((other) => other !== task).map(({ name }) => name);
    observer.before?.(task, step);
    (races ??= raceReporter(machine))(task, step);
    events.push({
      index: events.length,
      task,
      step,
      stack: observer.stacks === true ? task.stack() : [],
      others,
      bornAt: birth.get(task) ?? -1,
    });
    return task;
  };
  const branch: Chooser['branch'] = (task, step) => chooser.branch?.(task, step) ?? 0;
  let running: Machine | undefined;
  const onEvent = (event: MachineEvent): void => {
    observer.after?.(event);
    if (running !== undefined && properties.length > 0) ask(running, 'step');
    program.options?.onEvent?.(event);
  };
  try {
    const instance = new ProgramInstance(program, { onEvent });
    const { machine } = instance;
    running = machine;
    const end = instance.go({ pick, branch });
    noteNew(machine);
    if (end !== 'stopped') ask(machine, 'end');
    const blocked = blockedTasksOf(machine);
    const occurrences = occurrencesOf({ machine, end, blocked, reportedAt, judged, steps: events.length });
    const { reports } = machine;
    return { events, end, reports, occurrences, blocked, machine, outcome: instance.outcome() };
  } catch (error) {
    throw failedRun(
      program,
      error,
      events.map(({ task, step }) => choiceOf(task, step)),
    );
  }
};

export const scheduleOf = (trace: RunTrace, steps = trace.events.length): Schedule =>
  trace.events.slice(0, steps).map(({ task, step }) => choiceOf(task, step));
