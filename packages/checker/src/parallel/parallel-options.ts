// SPDX-License-Identifier: GPL-2.0-only
import type { Checkpoint } from '../checkpoint/checkpoint.js';
import type { Progress } from '../estimate/progress.js';
import type { Exploration } from '../exploration.js';
import type { CollectOptions } from '../finding/collect.js';
import type { Finding } from '../finding/finding.js';
import type { LedgerBounds } from './ledger.js';
import type { SearchPlan } from './plan.js';
import type { ProgramSource } from './program-source.js';
import type { WorkerEntry } from './worker-lane.js';

/** Milliseconds without a step after which a thread is ended, unless another bound is given. */
export const STALL_MS = 10_000;

export interface ParallelProgress extends Progress {
  /** Programs that are done, of how many. */
  readonly done: number;
  readonly programs: number;
  /** With `upTo`: the smallest number of preemptions that a program is at. */
  readonly preemptions?: number;
  /** Each program that will not be done within the bounds, by its place among the sources: its size as it looks now, and what to do. */
  readonly tooLarge: readonly { readonly index: number; readonly text: string }[];
}

export interface ParallelOptions extends SearchPlan, Pick<LedgerBounds, 'maxExecutions' | 'maxSteps'> {
  /** Threads; 0: this one, which code that never comes back then hangs. */
  readonly workers: number;
  /** Milliseconds at most for all programs together. */
  readonly timeMs?: number;
  /** Stops as the time does. A text as its reason stands in the verdict. */
  readonly signal?: AbortSignal;
  /** What an exploration that was stopped gave; programs and plan must be the same. */
  readonly resume?: Checkpoint;
  /** Milliseconds without a step after which a thread is ended; default 10,000. */
  readonly stallMs?: number;
  /** Told after each unit, and now and then within one. */
  readonly onProgress?: (progress: ParallelProgress) => void;
  /** Given what {@link resume} takes, every `checkpointEveryMs`. */
  readonly onCheckpoint?: (checkpoint: Checkpoint) => void;
  /** Default 60,000. */
  readonly checkpointEveryMs?: number;
  /** The findings of each program are wanted: how, by its place among the sources. They are made in the threads. */
  readonly collect?: (index: number) => Omit<CollectOptions, 'stop'>;
  /** With `timeMs` and `collect`: the part of the time that is kept for making schedules smaller; default 0. */
  readonly collectMs?: number;
  /** What threads start from; default: this package's own. */
  readonly entry?: WorkerEntry;
}

export interface SourceResult {
  readonly source: ProgramSource;
  /** Of the program; of the source while it is not known. */
  readonly name: string;
  /** With `error`: what was found before. */
  readonly exploration: Exploration;
  /** With `collect`, as `findingsOf` gives them; absent all the same where a stop left no time for it. */
  readonly findings?: readonly Finding[];
  readonly error?: Error;
  /** Of a program that was not done within the bound on steps: how large it looks, and what to do. */
  readonly advice?: string;
}

export interface ParallelResult {
  /** In the order of the sources. */
  readonly results: readonly SourceResult[];
  /** Present when something is left to explore. */
  readonly checkpoint?: Checkpoint;
}
