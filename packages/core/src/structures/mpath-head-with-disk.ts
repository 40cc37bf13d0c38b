// SPDX-License-Identifier: GPL-2.0-only
import type { attribute_group, device, gendisk, work_struct } from '@libmultipath/kernel';
import type { mpath_device_base } from './mpath-device-base.js';
import { mpath_head_base } from './mpath-head-base.js';

/** `struct mpath_head` since v2, which merged the `mpath_disk` of v1 into it. Source: v2 and v3 patch 02. */
export abstract class mpath_head_with_disk<D extends mpath_device_base> extends mpath_head_base<D> {
  disk: gendisk | null = null;
  partition_scan_work: work_struct | null = null;
  parent: device | null = null;
  disk_groups: readonly attribute_group[] | null = null;
}
