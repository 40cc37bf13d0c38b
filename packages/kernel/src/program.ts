// SPDX-License-Identifier: GPL-2.0-only
import type { MachineOptions, Machine } from './machine.js';

/** What a program lets its runner see of one run. */
export interface ProgramRun {
  /** The value that this schedule produced; compared as JSON. Asked once, after the run. */
  outcome(): unknown;
  /** True as soon as nothing that is still to come can change the outcome. */
  finished?(): boolean;
}

/**
 * Something a checker can explore: builds the same initial state each time it is made.
 * Everything that is not decided by the chooser must be decided here.
 */
export interface Program {
  readonly name: string;
  readonly options?: MachineOptions;
  /** Allocates objects and spawns tasks on a fresh machine. */
  make(machine: Machine): ProgramRun;
}
