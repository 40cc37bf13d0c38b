// SPDX-License-Identifier: GPL-2.0-only

export { nvmeDriver } from './driver.js';
export { nvmeErrors } from './errors.js';
export { featureTable, type NvmeFeature } from './features.js';
export { mainlineModel } from './mainline/models.js';
export {
  environment_7_3,
  mainlineDefects,
  profile_6_1,
  profile_6_12,
  profile_7_2,
  profile_7_3,
  profileOf,
  withDefect,
  type MainlineDefect,
  type MainlineProfile,
} from './mainline/profiles.js';
export type { NvmeTopology } from './topology.js';
