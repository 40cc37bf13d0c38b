// SPDX-License-Identifier: GPL-2.0-only

export type {
  BatteryError,
  BatteryHead,
  BatteryIoctl,
  BatteryPolicy,
  BatteryAccess,
  BatteryPort,
  BatteryTopology,
} from './battery.js';
export type {
  CheckDocument,
  CheckFinding,
  CheckRevision,
  CheckScenario,
  CheckStates,
  CheckStats,
  FindingClass,
} from './check-document.js';
export type { DiffDocument, DiffRow, DiffScenario } from './diff-document.js';
export * from './driver.js';
export type { FindingStory, StoryEvent, StoryPlace, StoryWaiter } from './finding-story.js';
export * from './guest-port.js';
export { canonical, type Json } from './json.js';
export type { MachinePort } from './machine-port.js';
export { FAULT, outcomeKey, STUCK, type Outcome } from './outcome.js';
export type { Recording } from './recording.js';
export type { Report, ReportEvent } from './report-event.js';
export type { Demand, DoStep, ObserveStep, Position, Scenario, ScenarioStep } from './scenario.js';
export type {
  StoryChange,
  StoryDetail,
  StoryDoc,
  StoryEdge,
  StoryMoment,
  StoryObject,
  StoryReference,
  StoryTask,
} from './story-detail.js';
export * from './verify-document.js';
export { vmSpecKey, type VmBlock, type VmDevice, type VmNode, type VmPort, type VmSpec } from './vm-spec.js';
