// SPDX-License-Identifier: GPL-2.0-only

export {
  allowedOutcomes,
  demandText,
  meetsDemand,
  WINDOW_SCALES,
  type Allowed,
  type Explore,
  type ExploreResult,
} from './allowed-outcomes.js';
export { diffDocument, diffModels, diffScenario, missingFeature, TOGETHER, type AllowedBy } from './diff-models.js';
export { Discriminating, discriminatingUrl } from './discriminating.js';
export { conformanceErrors } from './errors.js';
export { countOutcomes, judge, type Seen } from './judge.js';
export {
  parseRecording,
  readRecording,
  recordedOutcomes,
  recordingUrl,
  withRecorded,
  writeRecording,
} from './recording.js';
