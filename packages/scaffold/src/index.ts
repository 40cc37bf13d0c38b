// SPDX-License-Identifier: GPL-2.0-only

export { driverFiles, scenarioFile, type ScaffoldFile } from './files.js';
export { isName } from './names.js';
