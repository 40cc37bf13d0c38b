// SPDX-License-Identifier: GPL-2.0-only
import {
  atomic_read,
  checkPointer,
  load,
  type attribute,
  type attribute_group,
  type Steps,
} from '@libmultipath/driver-kit';
import type { scsi_disk } from '../../environment/sd/scsi-disk.js';
import type { LibraryHead, ScsiLibrary } from '../library.js';
import { scsi_mpath_dev_of } from '../scsi-mpath-device.js';
import { sd_mpath_disk_of } from './sd-mpath-disk.js';

/** Attributes of the multipath disk: `mpath_head.disk_groups`. Kernel: sd_mpath_disk_groups, v3. */
export const head_disk_groups = (lib: ScsiLibrary, head: LibraryHead): readonly attribute_group[] => [
  {
    attrs: {
      delayed_removal_secs: {
        mode: 0o644,
        show: () => lib.mpath_delayed_removal_secs_show(head),
        store: (buf) => lib.mpath_delayed_removal_secs_store(head, buf),
      },
    },
  },
  lib.mpath_attr_group,
];

/** Kernel: sd_major() and the minors of sd: 16 to a disk, 16 disks to a major number. Pure. */
export const sd_device_number = (index: number): string => {
  const group = (index & 0xf0) >> 4;
  const major = group === 0 ? 8 : group < 8 ? 65 + group - 1 : 128 + group - 8;
  return `${String(major)}:${String(((index & 0xf) << 4) | (index & 0xfff00))}`;
};

const show = (text: () => Steps<string>): attribute => ({ mode: 0o444, show: text });

/**
 * Attributes of a path's disk. They stay until the disk goes, which is after sd has put what they read.
 * Kernel: sd_mpath_dev_attrs, v3.
 */
export const path_disk_groups = (lib: ScsiLibrary, sdkp: scsi_disk): readonly attribute_group[] => [
  {
    attrs: {
      mpath_dev: show(function* () {
        const disk = checkPointer(yield* sd_mpath_disk_of(sdkp), 'scsi_mpath_head');
        return `${sd_device_number(yield* load(disk, 'disk_index'))}\n`;
      }),
      mpath_numa_nodes: show(function* () {
        const path = checkPointer(scsi_mpath_dev_of(sdkp.device), 'mpath_device');
        return yield* lib.mpath_numa_nodes_show(path.mpath_device);
      }),
      mpath_queue_depth: show(function* () {
        const disk = checkPointer(yield* sd_mpath_disk_of(sdkp), 'scsi_mpath_head');
        const { iopolicy } = yield* load(disk, 'scsi_mpath_head');
        if (!(yield* lib.mpath_qd_iopolicy(iopolicy))) return '';
        return `${String(yield* atomic_read(sdkp.device.host.mpath_nr_active))}\n`;
      }),
    },
  },
];
