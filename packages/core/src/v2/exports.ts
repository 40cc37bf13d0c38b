// SPDX-License-Identifier: GPL-2.0-only

/** What a driver of v2 names, apart from the library itself: its structures and their types. */
export { templateShapeV2 as templateShape } from './template-shape.js';
export { mpath_device, mpath_head } from './structures.js';
export type { mpath_head_template } from './template.js';
