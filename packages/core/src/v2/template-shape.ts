// SPDX-License-Identifier: GPL-2.0-only
import type { TemplateShape } from '../structures/check-template.js';

/** `struct mpath_head_template` of v2. */
export const templateShapeV2: TemplateShape = {
  revision: 'v2',
  mandatory: ['available_path', 'is_disabled', 'is_optimized', 'get_nr_active', 'get_iopolicy'],
  optional: [
    'remove_head',
    'add_cdev',
    'del_cdev',
    'cdev_ioctl',
    'ioctl_begin',
    'ioctl_finish',
    'chr_uring_cmd',
    'chr_uring_cmd_iopoll',
    'clone_bio',
  ],
  together: [
    ['ioctl_begin', 'ioctl_finish'],
    ['add_cdev', 'del_cdev', 'cdev_ioctl'],
  ],
  // Nobody reads it since v2.
  data: ['device_groups'],
};
