// SPDX-License-Identifier: GPL-2.0-only
import {
  get_device,
  kfn,
  list_first_entry_or_null,
  list_next_or_null,
  put_device,
  type Steps,
} from '@libmultipath/driver-kit';
import type { scsi_mpath_head } from '../scsi-mpath-head.js';
import type { scsi_mpath_globals } from '../template.js';
import type { sd_mpath_disk } from './sd-mpath-disk.js';

/**
 * Kernel: sd_mpath_find_disk(), v3. Context: `sd_mpath_disks_lock` held. References: one on what is found.
 */
export const sd_mpath_find_disk = kfn(
  'sd_mpath_find_disk',
  function* ({ sd_mpath_disks_list: list }: scsi_mpath_globals, head: scsi_mpath_head): Steps<sd_mpath_disk | null> {
    let disk = yield* list_first_entry_or_null(list);
    for (; disk !== null; disk = yield* list_next_or_null(list, disk.entry)) {
      yield* get_device(disk.dev);
      if (disk.scsi_mpath_head === head) return disk;
      yield* put_device(disk.dev);
    }
    return null;
  },
);
