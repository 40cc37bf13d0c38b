// SPDX-License-Identifier: GPL-2.0-only
import type { NvmeEnvironmentParts } from '../environment/parts.js';
import { featuresOf } from '../features.js';
import type { MainlineParts } from './parts.js';
import { environmentOf, partsOf, type FeatureSet } from './profile-of.js';

/** One kernel: its environment and its multipath. */
export interface MainlineProfile {
  readonly name: string;
  readonly features: FeatureSet;
  readonly environment: NvmeEnvironmentParts;
  readonly parts: MainlineParts;
}

/** A kernel by its features: the table of features says what it does. */
const profileWith = (name: string, features: FeatureSet): MainlineProfile => ({
  name,
  features,
  environment: environmentOf(features),
  parts: partsOf(features),
});

/** The kernel of a release such as `6.16`, as the table of features has it. */
export const profileOf = (release: string): MainlineProfile => profileWith(release, featuresOf(release));

// The kernels whose sources were read: 6.1.176, 6.12.107, 7.2.12 and 7.3.4.
export const profile_6_1 = profileOf('6.1');
export const profile_6_12 = profileOf('6.12');
export const profile_7_2 = profileOf('7.2');
export const profile_7_3 = profileOf('7.3');

/** Also what the library's template stands on: no released kernel has it, 7.3 is the nearest. */
export const environment_7_3 = profile_7_3.environment;

/** Defects of kernels that are not modelled themselves, by name: the feature that mended each. */
export const mainlineDefects = {
  // Before 504db087aacc (5.3): a bio is queued after the kick that was to free it, and stays.
  'no-sync-in-set-live': 'set-live-waits-for-readers',
} as const;

export type MainlineDefect = keyof typeof mainlineDefects;

/** The kernel with the defect put back. */
export const withDefect = ({ name, features }: MainlineProfile, defect: MainlineDefect): MainlineProfile => {
  const less = new Set(features);
  less.delete(mainlineDefects[defect]);
  return profileWith(`${name} ${defect}`, less);
};
