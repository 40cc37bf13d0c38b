// SPDX-License-Identifier: GPL-2.0-only
import type { SavedStage } from '../parallel/sourced.js';
import type { SavedLedger } from '../parallel/ledger.js';
import type { SearchPlan } from '../parallel/plan.js';
import type { ProgramSource } from '../parallel/program-source.js';

/** Raised when what a frontier means changes: the fields of a search node, the order of units. */
export const CHECKPOINT_SCHEMA = 'mpath.checkpoint/2';

/** One program of an exploration that was stopped. */
export interface SavedProgram {
  readonly source: ProgramSource;
  /** Absent: it was not begun. */
  readonly begun?: { readonly name: string; readonly fingerprint: string };
  readonly ledger: SavedLedger;
  /** With `upTo`: which number of preemptions the ledger is of, and what those before gave. */
  readonly stage?: SavedStage;
}

/** An exploration that was stopped, as plain data. */
export interface Checkpoint {
  readonly plan: SearchPlan;
  readonly programs: readonly SavedProgram[];
}
