// SPDX-License-Identifier: GPL-2.0-only
import {
  device,
  ida,
  KObject,
  kref,
  list_head,
  mpath_iopolicy,
  type LibV3,
  type mpath_head,
  type mpath_iopolicy_e,
} from '@libmultipath/driver-kit';
import { errors } from '../errors.js';

/**
 * Kernel: struct scsi_mpath_head: the paths with one identification, whatever their type. The memory goes
 * with the last reference on `dev`; `ref` counts its devices and its disk. (`bio_pool` is not modelled:
 * with GFP_NOIO a clone is always there.)
 */
export class scsi_mpath_head extends KObject {
  /** In `scsi_mpath_heads_list`. */
  readonly entry = new list_head<scsi_mpath_head>(this);
  /** Numbers of its paths. */
  readonly ida = new ida(this);
  readonly ref = new kref(this, 1);
  readonly iopolicy = new mpath_iopolicy(this);
  readonly mpath_head: mpath_head;
  /** Of class scsi_mpath_device. */
  readonly dev: device;

  constructor(
    lib: LibV3,
    readonly index: number,
    readonly vpd_id: string,
    iopolicy: mpath_iopolicy_e,
    scsi_mpath_device_class: device,
  ) {
    super();
    this.mpath_head = new lib.mpath_head(this);
    this.iopolicy.value = iopolicy;
    this.dev = new device(`scsi_mpath_device${String(index)}`, scsi_mpath_device_class, this);
    this.dev.subsystem = 'scsi_mpath_device';
  }
}

/** Kernel: to_scsi_mpath_head(). Pure. Errors: LMP-250. */
export const to_scsi_mpath_head = (head: mpath_head): scsi_mpath_head => {
  if (head.container instanceof scsi_mpath_head) return head.container;
  throw errors.fail('LMP-250', { message: `${head.label} is embedded in no scsi_mpath_head`, todo: 'report this' });
};
