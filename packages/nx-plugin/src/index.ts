// SPDX-License-Identifier: GPL-2.0-only

export { driverGenerator, type DriverOptions } from './driver/generator.js';
export { scenarioGenerator, type ScenarioOptions } from './scenario/generator.js';
