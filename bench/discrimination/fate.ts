// SPDX-License-Identifier: GPL-2.0-only
import type { Row } from './messages.js';
import type { Site } from './site.js';

/**
 * What became of a mutant. `diverge`: some verdict turned to it. The others are counted apart: `report`, the search
 * reports a defect that the model itself has not; `too-loose`, it allows more than a scenario may; `error`, the model
 * fails or does not end; `unfinished`, a search is too large to say; `same`, its searches are those of the model step
 * by step, so that nothing these scenarios do makes it another model; `survived`: it is another one, and nothing tells
 * so. Those that are `same` are read one by one: `equivalent` where no input tells the two programs apart, `survived`
 * where one would.
 */
export type Fate = 'diverge' | 'report' | 'too-loose' | 'error' | 'unfinished' | 'same' | 'survived' | 'equivalent';

/** How often a mutant was evaluated, in all schedules that were looked at. */
export interface Measured {
  readonly evaluated: number;
  /** Of these, with another value than the model has there; undefined: it is no value to be put beside it. */
  readonly differed: number | undefined;
  /** Scenarios that evaluate it, each with its driver in front. */
  readonly scenarios: readonly string[];
  /** Searched whole. */
  readonly searches: number;
}

export interface Tried {
  readonly site: Site;
  readonly fate: Fate;
  /** Where it showed, and how. */
  readonly by?: Row | undefined;
  readonly detail?: string | undefined;
  /** Rows that execute it. */
  readonly rows: number;
  readonly measured: Measured;
}

export const fates: readonly Fate[] = [
  'diverge',
  'report',
  'too-loose',
  'error',
  'unfinished',
  'survived',
  'same',
  'equivalent',
];
