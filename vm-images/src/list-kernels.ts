// SPDX-License-Identifier: GPL-2.0-only
import { resolve } from 'node:path';
import { damageOf, storedKernels } from './kernel-store.js';
import { kernelEntries } from './kernels.js';

export interface KernelListing {
  readonly name: string;
  readonly suite: string;
  readonly flavour: string;
  readonly cached: boolean;
  /** Of the cached one. */
  readonly release?: string;
  /** What it takes on the disk. */
  readonly sizeBytes?: number;
}

/** The catalogue and what of it is cached; no network. */
export const listKernels = async (cacheDir: string): Promise<KernelListing[]> => {
  const listing: KernelListing[] = [];
  for (const { name, suite, flavour } of kernelEntries) {
    const stored = (await storedKernels(resolve(cacheDir), name))[0];
    if (stored === undefined || (await damageOf(stored, false)) !== undefined) {
      listing.push({ name, suite, flavour, cached: false });
      continue;
    }
    const sizeBytes = Object.values(stored.marker.files).reduce((sum, file) => sum + file.sizeBytes, 0);
    listing.push({ name, suite, flavour, cached: true, release: stored.marker.release, sizeBytes });
  }
  return listing;
};
