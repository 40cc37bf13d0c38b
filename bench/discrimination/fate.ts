// SPDX-License-Identifier: GPL-2.0-only
import type { Row } from './messages.js';
import type { Site } from './site.js';

/**
 * What became of a mutant. `diverge`: some verdict turned to it. The others are counted apart: `report`,
 * the search reports a defect that the model itself has not; `too-loose`, it allows more than a scenario
 * may; `error`, the model fails or does not end; `unfinished`, a search is too large to say; `same`, its searches are those of the model step by step, so
 * that nothing these scenarios do makes it another model. `survived`: it is another one, and nothing tells so.
 */
export type Fate = 'diverge' | 'report' | 'too-loose' | 'error' | 'unfinished' | 'same' | 'survived';

export interface Tried {
  readonly site: Site;
  readonly fate: Fate;
  /** Where it showed, and how. */
  readonly by?: Row | undefined;
  readonly detail?: string | undefined;
  /** Rows that execute it. */
  readonly rows: number;
}

export const fates: readonly Fate[] = ['diverge', 'report', 'too-loose', 'error', 'unfinished', 'same', 'survived'];
