// SPDX-License-Identifier: GPL-2.0-only
import { device, KObject, list_head, load, type Steps } from '@libmultipath/driver-kit';
import type { scsi_disk } from '../../environment/sd/scsi-disk.js';
import { errors } from '../../errors.js';
import type { scsi_mpath_head } from '../scsi-mpath-head.js';

/**
 * Kernel: struct sd_mpath_disk: the multipath disk of a head as sd sees it. References on `dev`: one that
 * whoever leaves last spends, one for each further path, and one of its class until device_del().
 */
export class sd_mpath_disk extends KObject {
  /** Of class scsi_mpath_disk; parent of the head's gendisk. */
  readonly dev: device;
  /** Number of the letters; sd's own. */
  disk_index = -1;
  /** Paths that sd has; `sd_mpath_disks_lock` protects it. */
  disk_count = 0;
  /** In `sd_mpath_disks_list`. */
  readonly entry = new list_head<sd_mpath_disk>(this);

  constructor(
    readonly scsi_mpath_head: scsi_mpath_head,
    scsi_mpath_disk_class: device,
  ) {
    super();
    this.dev = new device(`scsi_mpath_disk${String(scsi_mpath_head.index)}`, scsi_mpath_disk_class, this);
    this.dev.subsystem = 'scsi_mpath_disk';
  }
}

/** `sdkp->sd_mpath_disk`; null: not multipathed, or not yet. Errors: LMP-250 for what the template did not make. */
export function* sd_mpath_disk_of(sdkp: scsi_disk): Steps<sd_mpath_disk | null> {
  const disk = yield* load(sdkp, 'sd_mpath_disk');
  if (disk === null || disk instanceof sd_mpath_disk) return disk;
  throw errors.fail('LMP-250', { message: `${disk.label} is no disk of the template`, todo: 'report this' });
}
