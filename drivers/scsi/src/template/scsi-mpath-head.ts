// SPDX-License-Identifier: GPL-2.0-only
import { device, ida, KObject, kref, list_head, mpath_iopolicy, type mpath_iopolicy_e } from '@libmultipath/driver-kit';
import { errors } from '../errors.js';
import type { LibraryHead, ScsiLibrary } from './library.js';

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
  /** v1 alone: its disk, as long as it lives; later a part of the library's head. */
  mpath_disk: KObject | null = null;
  /** With `probe-waits-for-old-disk` alone: its disk was unlisted and not yet put. */
  disk_leaving = false;
  /** The library's: embedded, or since v2 and before its own memory. */
  readonly mpath_head: LibraryHead;
  /** Of class scsi_mpath_device. */
  readonly dev: device;

  constructor(
    make: (owner: scsi_mpath_head) => LibraryHead,
    readonly index: number,
    readonly vpd_id: string,
    iopolicy: mpath_iopolicy_e,
    scsi_mpath_device_class: device,
  ) {
    super();
    this.mpath_head = make(this);
    this.iopolicy.value = iopolicy;
    this.dev = new device(`scsi_mpath_device${String(index)}`, scsi_mpath_device_class, this);
    this.dev.subsystem = 'scsi_mpath_device';
  }
}

/** Kernel: to_scsi_mpath_head(), v3; `mpath_head->drvdata` before. Pure. Errors: LMP-250. */
export const to_scsi_mpath_head = (lib: Pick<ScsiLibrary, 'owner_of'>, head: LibraryHead): scsi_mpath_head => {
  const owner = lib.owner_of(head);
  if (owner instanceof scsi_mpath_head) return owner;
  throw errors.fail('LMP-250', { message: `${head.label} is of no scsi_mpath_head`, todo: 'report this' });
};
