// SPDX-License-Identifier: GPL-2.0-only
import { STORE_SCHEMA } from './kernel-store.js';
import { kernelEntries } from './kernels.js';
import { sha256 } from './tree.js';

/**
 * What a CI saves its cache under: the same on every machine for one version of the program, another one
 * when the catalogue or the form of what is stored changes. It says nothing of what is cached.
 */
export const cacheKey = (): string => {
  const catalogue = kernelEntries.map(({ name, suite, packagePattern }) => [name, suite, packagePattern.source]);
  return `mpath-kernels-${sha256(STORE_SCHEMA, JSON.stringify(catalogue)).slice(0, 16)}`;
};
