// SPDX-License-Identifier: GPL-2.0-only
import {
  clear_bit,
  device_add_disk,
  queue_work,
  store,
  type attribute_group,
  type device,
  type gendisk,
  type KObject,
  type Steps,
  type work_struct,
} from '@libmultipath/kernel';
import { MPATH_HEAD_DISK_LIVE } from '../constants.js';
import { mpath_wq } from '../mpath-wq.js';
import type { mpath_device_base } from '../structures/mpath-device-base.js';
import type { mpath_head_base } from '../structures/mpath-head-base.js';

/** The disk to add, and who owns it: what is one structure since v2 are two in v1. */
export interface DiskToAdd {
  /** What the disk's device shall have for its driver data. */
  readonly owner: KObject;
  readonly disk: gendisk;
  readonly parent: device | null;
  readonly groups: readonly attribute_group[] | null;
  readonly partition_scan_work: work_struct | null;
}

/**
 * First path of a live period: the disk, then the char device, then the partitions.
 * Part of `mpath_device_set_live()`, patches 02 and 06, 07 of v1 to v3.
 * @returns false when the disk could not be added; it is not live then
 */
export function* add_disk<H extends mpath_head_base<mpath_device_base>>(
  head: H,
  { owner, disk, parent, groups, partition_scan_work }: DiskToAdd,
  make_cdev: (head: H, disk: gendisk) => Steps<void>,
): Steps<boolean> {
  yield* store(disk.device, 'driver_data', owner);
  if ((yield* device_add_disk(parent, disk, groups, { mayFail: 'declared' })) !== 0) {
    yield* clear_bit(MPATH_HEAD_DISK_LIVE, head as mpath_head_base<mpath_device_base>, 'flags');
    return false;
  }
  yield* make_cdev(head, disk);
  yield* queue_work(mpath_wq(), partition_scan_work);
  return true;
}
