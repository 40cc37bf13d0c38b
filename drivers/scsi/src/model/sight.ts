// SPDX-License-Identifier: GPL-2.0-only
import { device, type gendisk, type HeadView, type kobject, type KObject } from '@libmultipath/driver-kit';

/** A multipath device as sysfs has it. */
export interface HeadSight {
  /** The identification that its paths share. */
  readonly id: string;
  readonly dev: device;
}

/** A multipath disk as sysfs has it. */
export interface DiskSight {
  readonly id: string;
  readonly disk: gendisk;
}

/** What user space can find of SCSI multipath; whoever implements it says where. Pure. */
export interface MultipathSight {
  heads(): readonly HeadSight[];
  disks(): readonly DiskSight[];
  /** Directories of the two classes. */
  readonly classes: { readonly heads: kobject; readonly disks: kobject };
  /** Heads of the library that were made and not freed, oldest first. */
  views(): readonly HeadView[];
  /** Memory of the template that was ever allocated for heads, paths and disks. */
  made(): readonly KObject[];
}

/** A kernel without. To be called where KObjects may be made. */
export const nothing_to_see = (): MultipathSight => {
  const none = new device('virtual/none');
  return {
    heads: () => [],
    disks: () => [],
    classes: { heads: none.kobj, disks: none.kobj },
    views: () => [],
    made: () => [],
  };
};
