// SPDX-License-Identifier: GPL-2.0-only
import { make_operations } from '../disk/operations.js';
import { mpath_head } from './structures.js';

/** From a disk of v2 to its head. */
export const { head_from, mpath_bd_device_to_head, mpath_gendisk_to_head, private_data, make_mpath_ops } =
  make_operations((data): data is mpath_head => data instanceof mpath_head);
