// SPDX-License-Identifier: GPL-2.0-only
import { isUninitialised, KObject } from '@libmultipath/driver-kit';
import type { scsi_device } from '../environment/scsi-device.js';
import { errors } from '../errors.js';
import type { LibraryPath, ScsiLibrary } from './library.js';
import type { scsi_mpath_head } from './scsi-mpath-head.js';

/** Kernel: struct scsi_mpath_device: a device that is a path. It lives as long as its `scsi_device`. */
export class scsi_mpath_device extends KObject {
  readonly mpath_device: LibraryPath;
  /** Number of the path below its head. */
  index = 0;
  scsi_mpath_head: scsi_mpath_head | null = null;

  constructor(
    lib: Pick<ScsiLibrary, 'make_path'>,
    readonly sdev: scsi_device,
  ) {
    super();
    this.mpath_device = lib.make_path(this);
  }
}

/** Kernel: to_scsi_mpath_device(). Pure. Errors: LMP-250. */
export const to_scsi_mpath_device = (dev: LibraryPath): scsi_mpath_device => {
  if (dev.container instanceof scsi_mpath_device) return dev.container;
  const pointer: KObject = dev;
  // container_of() of a variable that v1 did not set is as good a pointer as that is: whoever goes through it faults.
  if (isUninitialised(pointer)) return pointer as scsi_mpath_device;
  throw errors.fail('LMP-250', { message: `${dev.label} is embedded in no scsi_mpath_device`, todo: 'report this' });
};

/**
 * `sdev->scsi_mpath_dev`: set before anybody can find the device, cleared by its release, so reading it is
 * no step. null: not a path. Errors: LMP-250 for what the template did not make.
 */
export const scsi_mpath_dev_of = ({ scsi_mpath_dev }: scsi_device): scsi_mpath_device | null => {
  if (scsi_mpath_dev === null || scsi_mpath_dev instanceof scsi_mpath_device) return scsi_mpath_dev;
  throw errors.fail('LMP-250', { message: `${scsi_mpath_dev.label} is no path of the template`, todo: 'report this' });
};
