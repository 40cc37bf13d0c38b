// SPDX-License-Identifier: GPL-2.0-only
import { membersSinceV2, type TemplateShape } from '../structures/check-template.js';

/** `struct mpath_head_template` of v3. */
export const templateShapeV3: TemplateShape = {
  revision: 'v3',
  mandatory: ['available_path', 'is_disabled', 'is_optimized'],
  ...membersSinceV2,
};
