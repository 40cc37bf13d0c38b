// SPDX-License-Identifier: GPL-2.0-only
import type { Exploration, Finding, Listed, ProgramSource } from '@libmultipath/checker';
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
  /** Absent: there was no time to make them. */
  readonly findings?: readonly Finding[];
  /** Of a program that is too large for its bound: how large it looks, and what to do. */
  readonly advice?: string;
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
  /** Told once of each program that is too large for its bound, while it is explored. */
  readonly tooLarge?: (text: string) => void;
  /** What is expected of a job. */
  readonly listed?: (job: Job) => readonly Listed[];
}
