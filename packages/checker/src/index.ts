// SPDX-License-Identifier: GPL-2.0-only

export { canonicalJson } from './canonical-json.js';
export { FailedRun, type Choice, type Schedule } from './choice.js';
export { checkerErrors } from './errors.js';
export type {
  Exploration,
  ExploreOptions,
  Findings,
  FoundReport,
  Outcome,
  SearchStats,
  StateDigest,
  StuckRun,
} from './exploration.js';
export { explore } from './explore.js';
export { replay, type RunEvent, type RunResult } from './replay.js';
export type { ProgramEnd } from './run-program.js';
export { sample } from './sample.js';
