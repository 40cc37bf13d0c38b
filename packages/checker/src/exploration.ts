// SPDX-License-Identifier: GPL-2.0-only
import type { Look } from './parallel/look-bound.js';
import type { Machine, Report } from '@libmultipath/kernel';
import type { Schedule } from './choice.js';

/** A value that some schedule produced. */
export interface Outcome {
  /** Canonical JSON of the value: its identity. */
  readonly key: string;
  readonly value: unknown;
  /** Executions that ended with it. */
  readonly count: number;
  /** Shortest schedule seen that gives it. */
  readonly schedule: Schedule;
}

/** A report, with all that have the same class, kind of object, functions and sites (finding/identity.ts). */
export interface FoundReport {
  readonly key: string;
  readonly report: Report;
  readonly count: number;
  readonly schedule: Schedule;
}

/** Two accesses of different tasks that nothing orders, one of them plain; with all of the same two sites. */
export interface FoundRace {
  /** The labels of both sites. */
  readonly key: string;
  /** In KCSAN's words, class `data-race`. */
  readonly report: Report;
  /** Why the kernel lives with it; undefined: it does not. */
  readonly tolerated: string | undefined;
  readonly count: number;
  /** Shortest schedule seen that has both; the last step is the second of them. */
  readonly schedule: Schedule;
}

/** Tasks that wait for ever: who, and the step each stands before. */
export interface StuckRun {
  readonly key: string;
  readonly blocked: readonly { readonly task: string; readonly site: string }[];
  /** What the program had observed by then. */
  readonly outcome: unknown;
  readonly count: number;
  readonly schedule: Schedule;
}

export interface SearchStats {
  /** Runs started, whatever became of them. */
  readonly executions: number;
  /** Steps taken for the first time. */
  readonly steps: number;
  /** Steps repeated to get back to a branching point. */
  readonly replayedSteps: number;
  /** Different states remembered at settle points. */
  readonly states: number;
  /** Runs ended at a state that was explored before. */
  readonly memoHits: number;
  /** Runs ended because all that could go on was explored from elsewhere (sleep sets). */
  readonly pruned: number;
  /** Steps of the longest run. */
  readonly maxDepth: number;
}

export interface Findings {
  /** Sorted by key. */
  readonly outcomes: readonly Outcome[];
  /** Sorted by key. Data races that the kernel does not live with are among them. */
  readonly reports: readonly FoundReport[];
  /**
   * Data races with those that the kernel lives with, which are notes; sorted by key. A search with
   * `revisits` looks at the pairs of each run, so not at pairs across a point where a state was met again.
   */
  readonly races?: readonly FoundRace[];
  readonly ends: {
    readonly finished: number;
    readonly stuck: number;
    /** Sorted by key. */
    readonly stuckAt: readonly StuckRun[];
  };
}

/** What a search found, and how far it went. The same program and options give the same bytes. */
export interface Exploration extends Findings {
  /** True when `outcomes`, `reports` and `ends` hold for every schedule within the bound. */
  readonly complete: boolean;
  /** The verdict, e.g. `complete (sequential consistency)` or `stopped after 200,000 executions`. */
  readonly bound: string;
  readonly stats: SearchStats;
  /** Of a quick look alone: how far it went. */
  readonly look?: Look;
}

/** Names a state at a settle point; undefined: this one cannot be compared. */
export type StateDigest = (machine: Machine, extra: unknown) => string | undefined;

export interface ExploreOptions {
  /**
   * `dpor` (default): source sets and sleep sets; `none`: every schedule. With
   * `maxPreemptions` it is `none`, whatever is asked: the reduction is not sound under that bound.
   */
  readonly reduction?: 'dpor' | 'none';
  /** Sleep sets beside `dpor`; default true. Off only to measure what they save. */
  readonly sleepSets?: boolean;
  /** Explore equal states at settle points once; default true. */
  readonly memo?: boolean;
  /**
   * With `memo` and the reduction: states between settle points too, told by the memory and what each task knows
   * (decision 0007); default false. Fewer runs; a new state where tasks have a choice costs a walk. With
   * `forget-nothing` a task knows all that its steps have told it since it rested, which is sound where the
   * reduction is. With true it forgets what functions knew that have returned: fewer states, and a rule that no
   * search can check.
   */
  readonly revisits?: boolean | 'forget-nothing';
  /**
   * With `revisits`, without `races`: one of the schedules that differ by interchangeable things alone;
   * default true.
   */
  readonly symmetry?: boolean;
  /** Look for data races; default true. */
  readonly races?: boolean;
  /** Default: the kernel's. */
  readonly digest?: StateDigest;
  /** Runs at most; default 1,000,000. */
  readonly maxExecutions?: number;
  /** New and replayed steps at most; default without bound. */
  readonly maxSteps?: number;
  /** Milliseconds at most, by `now`. */
  readonly timeMs?: number;
  /** Milliseconds from any origin. The checker reads no clock itself. */
  readonly now?: () => number;
  /** Switches away from a task that could have gone on, at most. */
  readonly maxPreemptions?: number;
  /** Told about every 1,000 executions. */
  readonly onProgress?: (stats: SearchStats) => void;
}
