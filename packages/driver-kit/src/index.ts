// SPDX-License-Identifier: GPL-2.0-only

export * from '@libmultipath/errors';
export * from '@libmultipath/kernel';
export * from '@libmultipath/core';
export { bareShape } from './contract/bare-shape.js';
export { bdev_end_io_acct, bdev_start_io_acct, disk_stats, type DiskStats } from './io-account.js';
// Everything of the contract but its `Report`, which is the reporter's business: a driver's reports are the kernel's.
export {
  canonical,
  DRIVER_API,
  GuestErrno,
  outcomeKey,
  FAULT,
  STUCK,
  type AnyDriver,
  type BatteryError,
  type BatteryHead,
  type BatteryIoctl,
  type BatteryPolicy,
  type BatteryAccess,
  type BatteryPort,
  type BatteryTopology,
  type DifferenceExplanation,
  type Driver,
  type GuestCondition,
  type GuestDefinition,
  type GuestHello,
  type GuestOp,
  type GuestOps,
  type GuestPort,
  type IoResult,
  type Json,
  type LoadProgress,
  type MachinePort,
  type LoadResult,
  type ModelProfile,
  type ObservationDefinition,
  type Outcome,
  type Reference,
  type Scenario,
  type StepDefinition,
  type VmBlock,
  type VmDevice,
  type VmNode,
  type VmPort,
  type VmSpec,
} from '@libmultipath/contract';
export {
  batteryDriverOf,
  loadBattery,
  loadScenario,
  loadScenarios,
  parseScenario,
  runInGuest,
  scenarioProgram,
  scenarioSchema,
} from '@libmultipath/scenario';
export { explore, sample, type Exploration, type ExploreOptions } from '@libmultipath/checker';
export { CLEAN, exploreShape, shapesOn, type ShapeExplored } from './whole/explore-shape.js';
export { readWholeRecord, type WholeRecord, type WholeShape } from './whole/whole-record.js';
export { checkDriver, type ContractOptions, type ContractResult } from './contract/check-driver.js';
export type { ContractFinding } from './contract/finding.js';
export { contractRules, type ContractExceptions, type ContractRule } from './contract/rules.js';
export { defineDriver } from './define-driver.js';
export { driverKitErrors } from './errors.js';
export { plainDriver } from './plain/driver.js';
export { defineLibraryDriver, type LibraryDriverDefinition } from './library-driver/define-library-driver.js';
export { get_head, put_head, remove_head_if_empty } from './library-driver/head.js';
export { library_head, library_host, library_path } from './library-driver/structures.js';
export type { LibraryTopology } from './library-driver/topology.js';
export { isAtLeast } from './release.js';
export type { Environment, OnRevision, RevisedDriver, RevisionName, Revisions } from './revisions.js';
export { peek, type Peeked } from './template/peek.js';
export type { AllOrNone, PathTemplate, TemplateV1, TemplateV2, TemplateV3 } from './template/template-types.js';
export {
  dmCall,
  dmCreate,
  dmMessage,
  dmReload,
  dmRemove,
  dmStatus,
  dmResume,
  dmSuspend,
  type DmTable,
} from './guest/dm-device.js';
export { DM, type DmAnswer, type DmRequest } from './guest/dm-request.js';
export { attributeOf, contentOf, GONE, namesIn, tryWrite, unless } from './guest/files.js';
export { isModule, loadModule, unloadModule } from './guest/modules.js';
export { stopLoad, type LoadOutcome } from './guest/stop-load.js';
export {
  parseBioRemap,
  parseTrace,
  type BioRemap,
  type DeviceNumber,
  type Trace,
  type TraceEvent,
} from './guest/ftrace.js';
export {
  orderIn,
  requestsIn,
  traceInstance,
  type TracedRequest,
  type TraceInstance,
  type TraceInstanceOptions,
} from './guest/trace-instance.js';
export {
  awaitProgressArgs,
  cpu,
  holdArgs,
  label,
  noArgs,
  pendingReadArgs,
  releaseArgs,
  setDelayedRemovalArgs,
  setIopolicyArgs,
  startReadArgs,
  stopLoadArgs,
  tryIopolicyArgs,
  type AwaitProgressArgs,
  type HoldArgs,
  type NoArgs,
  type PendingReadArgs,
  type ReleaseArgs,
  type SetDelayedRemovalArgs,
  type SetIopolicyArgs,
  type StartReadArgs,
  type StopLoadArgs,
  type TryIopolicyArgs,
} from './words/args.js';
