// SPDX-License-Identifier: GPL-2.0-only

import type { ReportClass } from '@libmultipath/kernel';

/** What a finding is, in one word. */
export type FindingClass = ReportClass;

/** One defect, however many schedules show it. */
export interface CheckFinding {
  /** Stable over schedules and machines, e.g. `UAF-3f9c2a`. */
  readonly id: string;
  readonly class: FindingClass;
  /** Kind of the object, e.g. `nvme_ns_head`. */
  readonly object: string;
  /** Kernel functions that take part: the one that reports first. */
  readonly functions: readonly string[];
  /** Site labels `fn: op kind.field[n]`: the report's, then the other place's. */
  readonly sites: readonly string[];
  /** Tasks of the smallest schedule, in order of appearance. */
  readonly tasks: readonly string[];
  /**
   * Context switches of the smallest schedule that was found: of a known finding of the battery little is tried to make
   * it smaller, unless it is printed in full.
   */
  readonly switches: number;
  /** Steps of it. */
  readonly events: number;
  /** First line in kernel wording. */
  readonly message: string;
  /** Token for `mpath replay`. */
  readonly replay: string;
  /** It is on the list of known findings of this revision. */
  readonly known: boolean;
  /** Id of the entry that it is listed under, where that is another finding: this one is a further place of it. */
  readonly as?: string;
  /**
   * Only where a second revision was explored as well (`--against`): `driver` it shows there too,
   * `library` every schedule was looked at there and none shows it. Absent: not told.
   */
  readonly owner?: 'driver' | 'library';
}

export interface CheckStats {
  readonly executions: number;
  readonly steps: number;
  readonly replayedSteps: number;
  readonly states: number;
  /** Of the whole run, shared out by steps: the scenarios are explored side by side. */
  readonly seconds: number;
}

export interface CheckScenario {
  readonly name: string;
  readonly driver: string;
  /** `incomplete`: stopped before the bound, and nothing was found. */
  readonly verdict: 'pass' | 'fail' | 'incomplete';
  /** What was covered, e.g. `complete (sequential consistency)`. */
  readonly bound: string;
  readonly findings: readonly CheckFinding[];
  readonly stats: CheckStats;
}

/** One revision's part of the document. */
export interface CheckRevision {
  readonly revision: string;
  /** Every scenario was explored to the end of its bound. */
  readonly complete: boolean;
  /** The verdict line, e.g. `complete (sequential consistency)`. */
  readonly bound: string;
  readonly scenarios: readonly CheckScenario[];
  /** Ids that are listed for this revision and were not found, though everything was explored. */
  readonly gone: readonly string[];
}

/**
 * States that a search knows again beside those at settle points: `all` there are, or `all-forgetting` what functions
 * knew that have returned.
 */
export type CheckStates = 'all' | 'all-forgetting';

/** `mpath check --json`. The same input gives the same bytes, except under `stats`. */
export interface CheckDocument extends CheckRevision {
  readonly schema: 'mpath.check/1';
  /** Absent: states at settle points alone are known again. */
  readonly states?: CheckStates;
  /** The revision with which a driver's own findings are told from the library's. */
  readonly against?: CheckRevision;
}
