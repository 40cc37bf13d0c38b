// SPDX-License-Identifier: GPL-2.0-only
import {
  checkPointer,
  dev_info,
  kfn,
  load,
  sysfs_add_link_to_group,
  sysfs_remove_link_from_group,
  type Steps,
} from '@libmultipath/driver-kit';
import type { scsi_mpath_device } from './scsi-mpath-device.js';

const GROUP = 'multipath';

/** The device's link below its head, `H:C:T:L`. Kernel: scsi_mpath_add_sysfs_link(), v3. Context: may sleep. */
export const scsi_mpath_add_sysfs_link = kfn(
  'scsi_mpath_add_sysfs_link',
  function* (path: scsi_mpath_device): Steps<void> {
    const { dev } = checkPointer(yield* load(path, 'scsi_mpath_head'), 'dev');
    const target = path.sdev.sdev_gendev;
    const error = yield* sysfs_add_link_to_group(dev.kobj, GROUP, target.kobj, target.name);
    if (error !== 0) dev_info(path.sdev, `Failed to create mpath sysfs link, error=${String(error)}`);
  },
);

/** Kernel: scsi_mpath_remove_sysfs_link(), v3. Context: may sleep. */
export const scsi_mpath_remove_sysfs_link = kfn(
  'scsi_mpath_remove_sysfs_link',
  function* (path: scsi_mpath_device): Steps<void> {
    const { dev } = checkPointer(yield* load(path, 'scsi_mpath_head'), 'dev');
    yield* sysfs_remove_link_from_group(dev.kobj, GROUP, path.sdev.sdev_gendev.name);
  },
);
