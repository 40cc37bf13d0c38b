// SPDX-License-Identifier: GPL-2.0-only

export { buildAgent, buildBareInit, type BuildOptions, type BuiltAgent } from './agent.js';
export { cacheDirOf } from './cache-dir.js';
export { vmImagesErrors } from './errors.js';
export { buildBareImage, buildImage, type BuiltImage, type ImageRequest } from './image.js';
export { type Kernel, type KernelRequest, type Progress } from './kernel.js';
export { cacheKey } from './cache-key.js';
export { kernelEntries, type KernelEntry } from './kernels.js';
export { listKernels, type KernelListing } from './list-kernels.js';
export { resolveKernel, type ResolveOptions } from './resolve-kernel.js';
export { checkCache } from './workspace.js';
