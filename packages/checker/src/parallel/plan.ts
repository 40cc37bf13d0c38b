// SPDX-License-Identifier: GPL-2.0-only
import type { ExploreOptions } from '../exploration.js';
import type { SampleOptions } from '../sampling/sample-options.js';

/** Options of `explore` that are plain data and part of what an exploration is. */
const SEARCH_KEYS = [
  'reduction',
  'sleepSets',
  'memo',
  'revisits',
  'symmetry',
  'races',
  'maxPreemptions',
] as const satisfies readonly (keyof ExploreOptions)[];

/** How to explore, as plain data. What a program adds with functions comes from its source. */
export interface SearchPlan extends Pick<ExploreOptions, (typeof SEARCH_KEYS)[number]> {
  /** Preemptions 0, 1, 2 … up to this, one number after the other. Instead of `maxPreemptions`. */
  readonly upTo?: number;
  /** Schedules drawn by chance instead of all: one part a program, never complete. */
  readonly sample?: Pick<SampleOptions, 'method' | 'seed' | 'schedules' | 'first' | 'depth' | 'steps'>;
  /** Instead of the above: as much of each program as the time allows. @see Looking */
  readonly look?: { readonly seed: number };
  /** Steps of the first part of a program, which is explored as `explore` does. Default 20,000,000: parts share no states but those at settle points. */
  readonly wholeSteps?: number;
  /** Steps of each further part, when the first did not suffice. Default 400,000. */
  readonly unitSteps?: number;
  /** Steps between two words of a thread about a part that it explores. Default 200,000. */
  readonly tellSteps?: number;
}

export const WHOLE_STEPS = 20_000_000;
export const UNIT_STEPS = 400_000;
export const TELL_STEPS = 200_000;

const given = (plan: SearchPlan, keys: readonly (keyof SearchPlan)[]): SearchPlan =>
  Object.fromEntries(keys.filter((key) => plan[key] !== undefined).map((key) => [key, plan[key]]));

/** The part of a plan that a search takes. */
export const searchOptions = (plan: SearchPlan): ExploreOptions => given(plan, SEARCH_KEYS);

/** The plan alone, out of options that hold more. */
export const planOf = (options: SearchPlan): SearchPlan =>
  given(options, [...SEARCH_KEYS, 'wholeSteps', 'unitSteps', 'upTo', 'tellSteps', 'sample', 'look']);
