// SPDX-License-Identifier: GPL-2.0-only
import type { CheckFinding } from './check-document.js';
import type { StoryDetail } from './story-detail.js';

/** A place named by a report: `allocated by`, `freed by`, … */
export interface StoryPlace {
  readonly role: string;
  readonly task: string;
  /** Innermost first. */
  readonly stack: readonly string[];
}

/** A task that waits for ever. */
export interface StoryWaiter {
  readonly task: string;
  /** Site label of the step it stands before. */
  readonly site: string;
  /** Label of the object it waits on. */
  readonly object: string;
  readonly stack: readonly string[];
  /** Tasks that would have to go on first. */
  readonly waitsFor: readonly string[];
  /** Labels of the locks it holds. */
  readonly holds: readonly string[];
}

/** One step of the schedule, with what it did. */
export interface StoryEvent {
  /** Position in the schedule, from 0. */
  readonly index: number;
  readonly task: string;
  /** Kernel functions, outermost first. */
  readonly stack: readonly string[];
  readonly op: string;
  /** `kind.field`. */
  readonly target: string;
  /** Label of the object, e.g. `nvme_ns#2`. */
  readonly object: string;
  /** What matters of the state, e.g. `2 → 1`, `= NULL`, `held by opener`; empty: nothing to tell. */
  readonly state: string;
  /** It is the n-th of the finding's sites (0: the reporting one). */
  readonly site?: 0 | 1;
  /** It happens before what the finding shows; others are there because a hang needs a whole run. */
  readonly matters: boolean;
}

/** All that is printed of a finding. */
export interface FindingStory {
  readonly finding: Omit<CheckFinding, 'known'>;
  readonly program: string;
  readonly revision: string;
  /** What the search had covered, e.g. `complete (sequential consistency)`. */
  readonly bound: string;
  /** Runs that showed it. */
  readonly count: number;
  /** Label of the object. */
  readonly object: string;
  /** Who reported it; for a hang who waits. */
  readonly task: string;
  /** Of that task, innermost first. */
  readonly stack: readonly string[];
  /** Access of the reporting step. */
  readonly access?: { readonly kind: 'Read' | 'Write'; readonly target: string };
  readonly places: readonly StoryPlace[];
  /** Who could not go on when the run ended; first those that the finding is about. */
  readonly waiters: readonly StoryWaiter[];
  /** So many steps come before everything was at rest for the last time, and the sites after. */
  readonly rest: number;
  readonly events: readonly StoryEvent[];
  /** Ids of findings that the same run showed before it. */
  readonly after: readonly string[];
  /** For a page: edges, state and lives. */
  readonly detail?: StoryDetail;
}
