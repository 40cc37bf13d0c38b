// SPDX-License-Identifier: GPL-2.0-only

/** What a driver of v1 names, apart from the library itself: its structures and their types. */
export { templateShapeV1 as templateShape } from './template-shape.js';
export * from './constants.js';
export type { mpath_pr_ops } from './pr-ops.js';
export { mpath_device, mpath_disk, mpath_head } from './structures.js';
export type { bool_pointer, mpath_head_template } from './template.js';
