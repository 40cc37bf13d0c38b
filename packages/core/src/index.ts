// SPDX-License-Identifier: GPL-2.0-only

export * from './constants.js';
export { libV3, type LibV3 } from './lib-v3.js';
export { MAX_NUMNODES, mpath_device, mpath_head } from './structures.js';
export type { mpath_head_template } from './template.js';
