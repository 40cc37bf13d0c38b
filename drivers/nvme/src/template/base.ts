// SPDX-License-Identifier: GPL-2.0-only
import { featuresOf, type NvmeFeature } from '../features.js';

/**
 * Features of the kernel that a conversion was posted on.
 * @param missing what the release has and its candidate had not yet
 */
export const features_of_base = (release: string, missing: readonly NvmeFeature[] = []): ReadonlySet<string> => {
  const gone: ReadonlySet<string> = new Set(missing);
  return new Set([...featuresOf(release)].filter((feature) => !gone.has(feature)));
};
