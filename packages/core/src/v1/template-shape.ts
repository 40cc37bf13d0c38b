// SPDX-License-Identifier: GPL-2.0-only
import type { TemplateShape } from '../structures/check-template.js';

/** `struct mpath_head_template` of v1. */
export const templateShapeV1: TemplateShape = {
  revision: 'v1',
  mandatory: ['available_path', 'is_disabled', 'is_optimized', 'get_access_state', 'get_iopolicy'],
  optional: [
    'add_cdev',
    'del_cdev',
    'bdev_ioctl',
    'cdev_ioctl',
    'report_zones',
    'chr_uring_cmd',
    'chr_uring_cmd_iopoll',
    'clone_bio',
    'get_unique_id',
  ],
  // v1 knows no pairs.
  together: [],
  data: ['pr_ops', 'device_groups'],
};
