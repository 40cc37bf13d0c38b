// SPDX-License-Identifier: GPL-2.0-only

export { canonicalJson } from './canonical-json.js';
export { CHECKPOINT_SCHEMA, type Checkpoint, type SavedProgram } from './checkpoint/checkpoint.js';
export { readCheckpoint, writeCheckpoint } from './checkpoint/file.js';
export { FailedRun, type Choice, type Schedule } from './choice.js';
export { checkerErrors } from './errors.js';
export { advise, type Advice, type AdviseOptions } from './estimate/advice.js';
export type { Progress } from './estimate/progress.js';
export { treeSize, type Estimate, type TreeSize } from './estimate/tree-size.js';
export { exploreWatched, trial, type Trial } from './estimate/trial.js';
export type {
  Exploration,
  ExploreOptions,
  Findings,
  FoundRace,
  FoundReport,
  Outcome,
  SearchStats,
  StateDigest,
  StuckRun,
} from './exploration.js';
export { explore } from './explore.js';
export { findingIds, findingsOf, type CollectOptions } from './finding/collect.js';
export { detailOf, type Detail } from './finding/detail.js';
export type { Finding } from './finding/finding.js';
export { findingId, identityKey, identityOf, type FindingIdentity } from './finding/identity.js';
export { replayToken, type ResolveProgram, type TokenReplay } from './finding/replay-token.js';
export { storyOf, type Story, type StoryContext, type ToldEvent } from './finding/story.js';
export { decodeToken, encodeToken, type ProgramRef, type ReplayToken } from './finding/token.js';
export type { BlockedTask } from './finding/waiters.js';
export { gateOf, type Gate, type GateScope } from './known/gate.js';
export { entryOf, type Listable, type Listed } from './known/entry-of.js';
export type { Covers } from './known/covers.js';
export { loadKnownFindings, parseKnownFindings, type KnownFinding, type KnownStatus } from './known/known-findings.js';
export { callWatched, type WatchedCallOptions } from './parallel/call-watched.js';
export { exploreInUnits, type InUnitsOptions } from './parallel/explore-in-units.js';
export {
  exploreSources,
  type ParallelOptions,
  type ParallelProgress,
  type ParallelResult,
  type SourceResult,
} from './parallel/explore-sources.js';
export type { SearchPlan } from './parallel/plan.js';
export { loadProgram, type Json, type ProgramSource, type SourcedProgram } from './parallel/program-source.js';
export type { WatchedWork } from './parallel/watched-work.js';
export type { WorkerEntry } from './parallel/worker-lane.js';
export {
  biosComplete,
  kernelProperties,
  modulesBalanced,
  nobodyStuck,
  nothingLeaked,
  noWorkOnFreedMemory,
} from './properties/kernel-properties.js';
export { judge } from './properties/judge.js';
export { quick, type BoundResult, type QuickExploration, type QuickOptions } from './quick/quick.js';
export { edgeWords } from './repair/edge-words.js';
export { withEdge, type Edge } from './repair/edge.js';
export {
  repair,
  type Mend,
  type Rejected,
  type Remedy,
  type RepairOptions,
  type RepairResult,
  type RepairVerdict,
} from './repair/repair.js';
export { replay, type RunEvent, type RunResult } from './replay.js';
export type { ProgramEnd } from './run-program.js';
export { sample } from './sample.js';
export type { PctChance, SampleOptions, Sampling } from './sampling/sample-options.js';
export type { SampleMethod } from './sampling/sampler.js';
