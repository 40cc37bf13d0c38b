// SPDX-License-Identifier: GPL-2.0-only
import {
  ida,
  KObject,
  list_head,
  module,
  spinlock_t,
  workqueue_struct,
  WQ_MEM_RECLAIM,
  type bio,
} from '@libmultipath/driver-kit';
import type { alua_port_group } from './alua/port-group.js';
import type { scsi_device_handler } from './device-handler.js';
import type { scsi_multipath } from './multipath-ops.js';
import type { ScsiEnvironmentParts } from './parts.js';
import type { scsi_device } from './scsi-device.js';

/** Static data of the modules scsi_mod, sd_mod and scsi_dh_alua. */
export class scsi_core extends KObject {
  readonly host_index_ida = new ida(this);
  /** Letters of disks; sd's own. */
  readonly sd_index_ida = new ida(this);
  /** Handlers that are registered, by name: those whose module is loaded. */
  readonly scsi_dh_list = new Map<string, scsi_device_handler>();
  readonly port_group_list = new list_head<alua_port_group>(this);
  readonly port_group_lock = new spinlock_t(this);
  readonly kaluad_wq = new workqueue_struct('kaluad', { flags: WQ_MEM_RECLAIM });
  /** THIS_MODULE of sd_mod. */
  sd_mod = new module('sd_mod');
  readonly alua_mod = new module('scsi_dh_alua');
  /** Parameter `optimize_stpg` of scsi_dh_alua. */
  optimize_stpg = false;
  /** Does device_add_disk() of this device's disk fail, for want of memory? Says who tests a probe that fails. */
  refuses_disk: (sdev: scsi_device) => boolean = () => false;

  /** A tracer on block_getrq: a bio on the disk of a device becomes a request. */
  trace_block_getrq: (sdev: scsi_device, what: bio) => void = () => undefined;

  constructor(
    /** How this kernel differs from others. */
    readonly parts: ScsiEnvironmentParts,
    /** Who implements multipath on top. */
    readonly mpath: scsi_multipath,
  ) {
    super();
  }
}
