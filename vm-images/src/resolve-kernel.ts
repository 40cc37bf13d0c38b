// SPDX-License-Identifier: GPL-2.0-only
import { resolve } from 'node:path';
import { isLmpError, nearest } from '@libmultipath/errors';
import { vmImagesErrors } from './errors.js';
import { fetchKernel } from './fetch-kernel.js';
import type { Kernel, KernelRequest, Progress } from './kernel.js';
import { damageOf, discardKernel, kernelOf, storedKernels } from './kernel-store.js';
import { kernelEntries, type KernelEntry } from './kernels.js';
import { hostKernel, kernelBelow, pathKernel } from './path-kernel.js';

export interface ResolveOptions {
  readonly cacheDir: string;
  readonly progress?: Progress;
  /** Asks the archive although something is cached, and takes what it holds today. */
  readonly refresh?: boolean;
  /** Compares checksums of the cached files instead of their sizes. */
  readonly verify?: boolean;
}

const LATEST = 'latest';

const entryOf = (name: string): KernelEntry => {
  const entry = kernelEntries.find((each) => each.name === name);
  if (entry !== undefined) return entry;
  const names = [LATEST, 'host', ...kernelEntries.map((each) => each.name)];
  const near = nearest(name, names);
  throw vmImagesErrors.fail('LMP-800', {
    message: `no kernel is called ${name}; ${near.length > 0 ? `near it: ${near.join(', ')}` : `known: ${names.join(', ')}`}`,
    where: `--kernel ${name}`,
    todo: 'mpath vm list shows the names; a path must name an existing file',
  });
};

/** The newest entry of the cache that is whole. What is damaged is taken out of it. */
const fromCache = async (
  cacheDir: string,
  entry: KernelEntry,
  verify: boolean,
  progress: Progress,
): Promise<Kernel | undefined> => {
  for (const stored of await storedKernels(cacheDir, entry.name)) {
    const damage = await damageOf(stored, verify);
    if (damage === undefined) return kernelOf(stored);
    progress(`kernel ${entry.name}: the cached ${damage} is damaged, fetching it again`);
    await discardKernel(cacheDir, stored);
  }
  return undefined;
};

const byEntry = async (entry: KernelEntry, options: ResolveOptions): Promise<Kernel> => {
  const progress = options.progress ?? (() => undefined);
  const cacheDir = resolve(options.cacheDir);
  if (options.refresh !== true) {
    const cached = await fromCache(cacheDir, entry, options.verify ?? false, progress);
    if (cached !== undefined) return cached;
  }
  return kernelOf(await fetchKernel(cacheDir, entry, progress));
};

/** Failures after which an older kernel may still be had. */
const mayHaveOlder: readonly string[] = ['LMP-801', 'LMP-802', 'LMP-807', 'LMP-808', 'LMP-813'];

const latest = async (options: ResolveOptions): Promise<Kernel> => {
  let first: unknown;
  for (const entry of kernelEntries.toReversed()) {
    try {
      return await byEntry(entry, options);
    } catch (error) {
      if (!isLmpError(error) || !mayHaveOlder.includes(error.code)) throw error;
      first ??= error;
      options.progress?.(`kernel ${entry.name} cannot be had (${error.code}), trying an older one`);
    }
  }
  throw first;
};

/**
 * A kernel with its modules, on this machine's disk. A cached one is used without any call of apt.
 * @throws LMP-800 unknown name, LMP-801 to LMP-805, LMP-807 to LMP-809, LMP-813
 */
export const resolveKernel = async (request: KernelRequest, options: ResolveOptions): Promise<Kernel> => {
  switch (request.kind) {
    case 'path':
      return pathKernel(request.vmlinuz, request.modulesDir);
    case 'host':
      return request.root === undefined ? hostKernel() : kernelBelow(request.root);
    case 'name':
      return request.name === LATEST ? latest(options) : byEntry(entryOf(request.name), options);
  }
};
