// SPDX-License-Identifier: GPL-2.0-only
import type { Activation, DmPath } from '@libmultipath/dm-multipath';
import {
  SCSI_DH_DEV_TEMP_BUSY,
  SCSI_DH_IMM_RETRY,
  SCSI_DH_NOSYS,
  SCSI_DH_OK,
  SCSI_DH_RES_TEMP_UNAVAIL,
  SCSI_DH_RETRY,
} from '../environment/device-handler.js';
import { scsi_dh_activate } from '../environment/dh.js';
import type { scsi_device } from '../environment/scsi-device.js';
import { errors } from '../errors.js';

const activations = new Map<number, Activation>([
  [SCSI_DH_OK, 'ok'],
  [SCSI_DH_RETRY, 'retry'],
  [SCSI_DH_IMM_RETRY, 'retry'],
  [SCSI_DH_RES_TEMP_UNAVAIL, 'retry'],
  [SCSI_DH_DEV_TEMP_BUSY, 'busy'],
  [SCSI_DH_NOSYS, 'nosys'],
]);

/** A SCSI disk as a path of a table of dm-multipath, the oracle of failover. Errors: LMP-250 it has no disk. */
export const dmPathOf = (sdev: scsi_device): DmPath => {
  const disk = sdev.sdkp?.disk;
  if (disk === undefined) {
    throw errors.fail('LMP-250', { message: `${sdev.address} has no disk`, todo: 'make the table of disks' });
  }
  return {
    disk,
    *activate(done) {
      yield* scsi_dh_activate(sdev, (error) => done(activations.get(error) ?? 'failed'));
    },
  };
};
