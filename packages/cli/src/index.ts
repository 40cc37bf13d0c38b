// SPDX-License-Identifier: GPL-2.0-only

export { mpath } from './application.js';
export type { LoadedConfig, MpathConfig } from './config.js';
export type { CliContext, Output } from './context.js';
export { cliErrors } from './errors.js';
export { explorerHere, explorerInWorkers, type Explorer } from './explorer.js';
export { selectScenarios, type Chosen } from './selection.js';
export { Tally } from './verify/tally.js';
export { verifyLive, type LiveOptions } from './verify/verify-live.js';
export { verifyRecorded, type RecordedOptions } from './verify/verify-recorded.js';
export type { Laboratory, LabMachine } from './verify/laboratory.js';
