// SPDX-License-Identifier: GPL-2.0-only
import type { MachineOptions, Machine } from './machine.js';
import type { KObject } from './object.js';
import type { Report, ReportClass } from './report.js';

/** Something that may change places with its like: its tasks and its objects, together. */
export interface Interchangeable {
  /** Names of tasks. */
  readonly tasks?: readonly string[];
  /** Objects that `make` made, each with all that is embedded in it. */
  readonly objects?: readonly KObject[];
}

/** What a program lets its runner see of one run. */
export interface ProgramRun {
  /** The value that this schedule produced; compared as JSON. Asked once, after the run. */
  outcome(): unknown;
  /** True as soon as nothing that is still to come can change the outcome. */
  finished?(): boolean;
  /**
   * Groups of things that are alike: whenever two of a group change places, task by task and
   * object by object, a schedule stays a schedule. A checker may explore one of the schedules
   * that differ by that alone. `outcome` must not tell the things of a group apart, or
   * nothing is gained. Nothing checks the claim but a search without it.
   */
  readonly symmetries?: readonly (readonly Interchangeable[])[];
}

/** Something that must hold of a machine. */
export interface Property {
  /** What findings of it are told apart by, e.g. `every bio completes once`. */
  readonly name: string;
  readonly class: ReportClass;
  /**
   * When it must hold. `end` (default): when nobody can go on any more. `settled`: also
   * wherever a settle point is passed. `step`: after every step; a search then reduces
   * nothing, since it cannot know what the property looks at.
   */
  readonly when?: 'end' | 'settled' | 'step';
  /**
   * Looks without changing anything, outside of any task.
   * @returns what is wrong, in the words of a report, or as reports; undefined: it holds
   */
  check(machine: Machine): string | readonly Report[] | undefined;
}

/**
 * Something a checker can explore: builds the same initial state each time it is made.
 * Everything that is not decided by the chooser must be decided here.
 */
export interface Program {
  readonly name: string;
  readonly options?: MachineOptions;
  /** What must hold beyond what the simulated kernel reports itself. */
  readonly properties?: readonly Property[];
  /** Allocates objects and spawns tasks on a fresh machine. */
  make(machine: Machine): ProgramRun;
}
