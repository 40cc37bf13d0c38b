// SPDX-License-Identifier: GPL-2.0-only
import type { attribute_group, Steps } from '@libmultipath/driver-kit';
import type { scsi_disposition } from './disposition.js';
import type { scsi_cmnd } from './scsi-cmnd.js';
import type { scsi_device } from './scsi-device.js';
import type { scsi_disk } from './sd/scsi-disk.js';

/**
 * What the SCSI core and sd call of whoever implements multipath. Each function is called at the place
 * where the patches of scsi_multipath call theirs; without multipath each does nothing.
 */
export interface scsi_multipath {
  /**
   * scsi_mpath_dev_alloc(), late in scsi_add_lun(), before the device is in sysfs.
   * @returns 0 (multipathed or not), or -errno: the device vanishes
   */
  dev_alloc(sdev: scsi_device): Steps<number>;
  /** Member link; end of scsi_sysfs_add_sdev(). */
  add_sysfs_link(sdev: scsi_device): Steps<void>;
  /** Member link; __scsi_remove_device(), before the class device goes. */
  remove_sysfs_link(sdev: scsi_device): Steps<void>;
  /** scsi_mpath_remove_device(): after device_del(sdev_gendev), before state DEL. */
  remove_device(sdev: scsi_device): Steps<void>;
  /** scsi_device_dev_release(): frees what dev_alloc made. */
  dev_release(sdev: scsi_device): Steps<void>;
  /** scsi_mpath_start_request(): just before the command is dispatched. */
  start_request(cmd: scsi_cmnd): Steps<void>;
  /** scsi_mpath_end_request(): head of scsi_end_request(). */
  end_request(cmd: scsi_cmnd): Steps<void>;
  /**
   * scsi_decide_disposition(), where the result would go up for want of another attempt, or the device is
   * offline. v1 of the patches alone looks there; whoever else leaves it as it is.
   */
  disposition(cmd: scsi_cmnd, decided: scsi_disposition): Steps<scsi_disposition>;
  /** scsi_queue_rq(), of a device that is not online: does the bio go elsewhere? v1 of the patches alone. */
  leaves(cmd: scsi_cmnd): Steps<boolean>;
  /** scsi_mpath_failover_req() of v1: takes the bio out of the request, which is then ended. Context: that of a completion. */
  failover(cmd: scsi_cmnd): Steps<void>;
  /** The device is RUNNING again, after it was blocked or offline. No posted patch looks there; a remedy does. Context: `state_mutex` held. */
  runs_again(sdev: scsi_device): Steps<void>;
  /** PERSISTENT RESERVE as passthrough: true refuses it with BLK_STS_NOTSUPP. */
  refuses(cmd: scsi_cmnd): Steps<boolean>;
  /**
   * sd_mpath_probe(): after the disk was allocated. A multipathed disk gets its name and flags here.
   * @returns 1 multipathed, 0 not, or -errno
   */
  sd_probe(sdkp: scsi_disk): Steps<number>;
  /** sd_mpath_fail_probe(). */
  sd_fail_probe(sdkp: scsi_disk): Steps<void>;
  /** sd_mpath_revalidate_head(): after sd_revalidate_disk() of the probe. */
  sd_revalidate_head(sdkp: scsi_disk): Steps<void>;
  /** Attributes of a path's disk. Pure. */
  sd_groups(sdkp: scsi_disk): readonly attribute_group[];
  /** sd_mpath_add_disk(): the path's disk is there. */
  sd_add_disk(sdkp: scsi_disk): Steps<void>;
  /** sd_mpath_remove(): head of sd_remove(). */
  sd_remove(sdkp: scsi_disk): Steps<void>;
}

function* nothing(): Steps<void> {}
function* zero(): Steps<number> {
  return 0;
}
export function* as_decided(_cmd: scsi_cmnd, decided: scsi_disposition): Steps<scsi_disposition> {
  return decided;
}
function* no(): Steps<boolean> {
  return false;
}

/** A kernel without native SCSI multipath: all that are released. */
export const no_multipath: scsi_multipath = {
  dev_alloc: zero,
  add_sysfs_link: nothing,
  remove_sysfs_link: nothing,
  remove_device: nothing,
  dev_release: nothing,
  start_request: nothing,
  end_request: nothing,
  disposition: as_decided,
  leaves: no,
  failover: nothing,
  runs_again: nothing,
  refuses: no,
  sd_probe: zero,
  sd_fail_probe: nothing,
  sd_revalidate_head: nothing,
  sd_groups: () => [],
  sd_add_disk: nothing,
  sd_remove: nothing,
};
