// SPDX-License-Identifier: GPL-2.0-only
import { membersSinceV2, type TemplateShape } from '../structures/check-template.js';

/** `struct mpath_head_template` of v2. */
export const templateShapeV2: TemplateShape = {
  revision: 'v2',
  mandatory: ['available_path', 'is_disabled', 'is_optimized', 'get_nr_active', 'get_iopolicy'],
  ...membersSinceV2,
};
