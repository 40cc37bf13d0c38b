// SPDX-License-Identifier: GPL-2.0-only
import type { SavedProgram } from '../checkpoint/checkpoint.js';
import type { Exploration, SearchStats } from '../exploration.js';
import type { UnitAnswer } from './messages.js';
import type { SearchPlan } from './plan.js';
import type { ProgramSource } from './program-source.js';
import type { UnitProgress, WorkUnit } from './work-unit.js';

/** A part of a program to explore, and how. */
export interface Due {
  readonly unit: WorkUnit;
  readonly plan: SearchPlan;
}

/** One program of a battery, with its books. */
export interface Explorable {
  readonly source: ProgramSource;
  /** Of the program; of the source while it is not known. */
  readonly name: string;
  /** Preemptions that are explored now; undefined: all schedules are, or those of one bound. */
  readonly preemptions: number | undefined;
  /** The lower, the sooner its next part is taken. */
  readonly turn: number;
  /** Nothing is left to hand out, and nothing is out. */
  readonly over: boolean;
  readonly failed: Error | undefined;
  /** With what is under way. */
  readonly stats: SearchStats;
  /** Part of the tree that is explored, as far as can be said. */
  readonly share: number;
  take(): Due | undefined;
  /** A word about a unit that is being explored. */
  told(unit: WorkUnit, progress: UnitProgress): void;
  give(id: number, answer: UnitAnswer): void;
  /** Hands out nothing more; what comes back after that is shown, but not booked. */
  stop(why: string): void;
  exploration(): Exploration;
  /** Undefined: it is begun anew each time. */
  save(): SavedProgram | undefined;
}
