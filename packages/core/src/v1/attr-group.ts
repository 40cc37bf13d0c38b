// SPDX-License-Identifier: GPL-2.0-only
import { DEFINE_SYSFS_GROUP_VISIBLE, type attribute_group, type gendisk, type kobject } from '@libmultipath/kernel';
import { disk_of_kobj, GROUP } from '../sysfs/attr-group.js';

/** Kernel: `multipath_sysfs_attr_visible()`, v1 patch 08: no attribute is. Pure. */
const multipath_sysfs_attr_visible = (): boolean => false;

/**
 * Kernel: `mpath_attr_group`, v1 patch 08: a directory for the disks of the library, and none for others.
 * Mainline: `nvme_ns_mpath_attr_group`.
 * @param is_mpath_head whose disk it is
 */
export const make_attr_group = (is_mpath_head: (disk: gendisk) => boolean): attribute_group => {
  /** Kernel: `multipath_sysfs_group_visible()`, v1 patch 08. Pure. */
  const multipath_sysfs_group_visible = (kobj: kobject): boolean => {
    const disk = disk_of_kobj(kobj);
    return disk !== undefined && is_mpath_head(disk);
  };
  return {
    name: GROUP,
    attrs: { dummy: { mode: 0 } },
    is_visible: DEFINE_SYSFS_GROUP_VISIBLE(multipath_sysfs_group_visible, multipath_sysfs_attr_visible),
  };
};
