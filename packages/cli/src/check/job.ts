// SPDX-License-Identifier: GPL-2.0-only
import type { Exploration, ProgramSource } from '@libmultipath/checker';
import type { Chosen } from '../selection.js';
import type { Profile } from './models.js';

/** One scenario on one model. */
export interface Job {
  readonly chosen: Chosen;
  readonly profile: Profile;
  readonly source: ProgramSource;
}

/** What was found of a job. */
export interface Explored {
  readonly exploration: Exploration;
  /** It went to the end of the bound that was asked for. */
  readonly reached: boolean;
  /** Ended it. */
  readonly error?: Error;
}

/** What every way of exploring takes. */
export interface ExploreContext {
  readonly workers: number;
  /** For all jobs together. */
  readonly timeMs?: number;
  readonly signal: AbortSignal;
  readonly progress: (text: string) => void;
}
