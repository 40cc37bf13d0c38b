// SPDX-License-Identifier: GPL-2.0-only
import { checkPointer, kfn, type Steps } from '@libmultipath/driver-kit';
import type { scsi_disk } from '../../environment/sd/scsi-disk.js';
import { scsi_mpath_dev_of } from '../scsi-mpath-device.js';
import type { Template } from '../template.js';
import { sd_mpath_disk_of } from './sd-mpath-disk.js';

/**
 * The path's disk is there: from here on the library may choose the path. A pending removal is called off
 * only now. Kernel: sd_mpath_add_disk(), v3. Context: may sleep, the device's lock held.
 */
export const sd_mpath_add_disk = kfn(
  'sd_mpath_add_disk',
  function* ({ lib }: Pick<Template, 'lib'>, sdkp: scsi_disk): Steps<void> {
    const disk = yield* sd_mpath_disk_of(sdkp);
    if (disk === null) return;
    const { host } = sdkp.device;
    const { mpath_device } = checkPointer(scsi_mpath_dev_of(sdkp.device), 'mpath_device');
    const { mpath_head } = disk.scsi_mpath_head;
    yield* lib.mpath_add_device(mpath_device, mpath_head, sdkp.disk, host.numa_node, host.mpath_nr_active);
    yield* lib.mpath_device_set_live(mpath_device);
  },
);
