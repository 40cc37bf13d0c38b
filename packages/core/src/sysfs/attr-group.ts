// SPDX-License-Identifier: GPL-2.0-only
import { DEFINE_SIMPLE_SYSFS_GROUP_VISIBLE, gendisk, type attribute_group, type kobject } from '@libmultipath/kernel';

/** Name of the directory that path links go into. */
export const GROUP = 'multipath';

/** The disk whose directory it is. Kernel: `dev_to_disk(kobj_to_dev(kobj))`. Pure. */
export const disk_of_kobj = (kobj: kobject): gendisk | undefined => {
  const disk = kobj.container?.container;
  return disk instanceof gendisk ? disk : undefined;
};

/**
 * The group that path links go into, for the disks of the library: one attribute that is never
 * visible. Other disks have no such directory. Kernel: `mpath_attr_group`, v2 and v3 patch 08.
 * Mainline: `nvme_ns_mpath_attr_group`.
 */
export const make_attr_group = (is_mpath_disk: (disk: gendisk) => boolean): attribute_group => ({
  name: GROUP,
  attrs: { dummy: { mode: 0 } },
  is_visible: DEFINE_SIMPLE_SYSFS_GROUP_VISIBLE((kobj) => {
    const disk = disk_of_kobj(kobj);
    return disk !== undefined && is_mpath_disk(disk);
  }),
});
