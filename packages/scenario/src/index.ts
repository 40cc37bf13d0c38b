// SPDX-License-Identifier: GPL-2.0-only

export {
  ANY_DRIVER,
  batteryDriverOf,
  batteryScenarios,
  isBatteryDriver,
  type BatteryDriver,
  type HeadProperties,
} from './battery/battery-driver.js';
export { keepsFilesOpen } from './battery/world.js';
export { loadBattery, type LoadedBattery } from './battery/load-battery.js';
export { batteryTopology, numaOfShape } from './battery/topology.js';
export { checkExample } from './check-example.js';
export { SCENARIO_SCHEMA } from './document-schema.js';
export { scenarioErrors } from './errors.js';
export { loadScenario, loadScenarios, type LoadedScenario, type LoadOptions } from './load-scenarios.js';
export { parseScenario, SCENARIO_SUFFIX, type ParseOptions } from './parse-scenario.js';
export type { VocabularyWord } from './parse-word.js';
export { runInGuest } from './run-in-guest.js';
export { ScenarioError } from './scenario-error.js';
export { scenarioProgram } from './scenario-program.js';
export { scenarioSchema } from './scenario-schema.js';
