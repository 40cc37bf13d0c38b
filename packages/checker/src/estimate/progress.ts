// SPDX-License-Identifier: GPL-2.0-only
import type { SearchStats } from '../exploration.js';

/** How far an exploration is. */
export interface Progress {
  readonly executions: number;
  /** New and replayed. */
  readonly steps: number;
  readonly states: number;
  /** Executions that the whole will take, as it looks now; absent until something is known. */
  readonly estimate?: number;
  /** Steps a second; absent until time has passed. */
  readonly rate?: number;
}

/** The executions that a tree takes of which `share` took `executions`. */
export const extrapolate = (executions: number, share: number): number | undefined =>
  share > 0 && executions > 0 ? Math.round(executions / share) : undefined;

export const progressOf = (stats: SearchStats, share: number, elapsedMs: number): Progress => {
  const estimate = extrapolate(stats.executions, share);
  const steps = stats.steps + stats.replayedSteps;
  return {
    executions: stats.executions,
    steps,
    states: stats.states,
    ...(estimate === undefined ? {} : { estimate }),
    ...(elapsedMs > 0 ? { rate: Math.round((steps * 1_000) / elapsedMs) } : {}),
  };
};
