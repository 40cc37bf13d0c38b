// SPDX-License-Identifier: GPL-2.0-only

export * from '@libmultipath/errors';
export * from '@libmultipath/kernel';
export * from '@libmultipath/core';
// Everything of the contract but its `Report`, which is the reporter's business: a driver's reports are the kernel's.
export {
  canonical,
  DRIVER_API,
  GuestErrno,
  outcomeKey,
  FAULT,
  STUCK,
  type AnyDriver,
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
  loadScenario,
  loadScenarios,
  parseScenario,
  runInGuest,
  scenarioProgram,
  scenarioSchema,
} from '@libmultipath/scenario';
export { explore, type Exploration, type ExploreOptions } from '@libmultipath/checker';
export { defineDriver } from './define-driver.js';
export { driverKitErrors } from './errors.js';
export {
  parseBioRemap,
  parseTrace,
  type BioRemap,
  type DeviceNumber,
  type Trace,
  type TraceEvent,
} from './guest/ftrace.js';
