// SPDX-License-Identifier: GPL-2.0-only

export * from './constants.js';
export { coreErrors } from './errors.js';
export { coreFindings } from './findings.js';
export { remedies } from './fixed/catalogue.js';
export { libFixed, libWith } from './fixed/make-fixed.js';
export type { Remedy } from './fixed/remedy.js';
export { disksAlternate } from './properties/alternating-disks.js';
export { cachedPathsAreListed } from './properties/cached-paths.js';
export { removedPathsAreNotChosen } from './properties/chosen-paths.js';
export { viewOfHead, type HeadView } from './properties/head-view.js';
export { libraryProperties } from './properties/library-properties.js';
export { nothingParkedForEver, type HeadsOf } from './properties/parked-bios.js';
export { checkTemplate, type TemplateShape } from './structures/check-template.js';
export { MAX_NUMNODES } from './structures/mpath-head-base.js';
export * as v1 from './v1/exports.js';
export { libV1, type LibV1 } from './v1/make-v1.js';
export * as v2 from './v2/exports.js';
export { libV2, type LibV2 } from './v2/make-v2.js';
export { libV3, makeV3, store_access_state, type LibV3 } from './v3/make-v3.js';
export { mpath_device, mpath_head } from './v3/structures.js';
export { templateShapeV3 } from './v3/template-shape.js';
export type { mpath_head_template } from './v3/template.js';
