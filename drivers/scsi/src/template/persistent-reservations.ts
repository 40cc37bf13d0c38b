// SPDX-License-Identifier: GPL-2.0-only
import { u8 } from '../environment/bytes.js';
import { PERSISTENT_RESERVE_IN, PERSISTENT_RESERVE_OUT } from '../environment/opcodes.js';
import type { scsi_cmnd } from '../environment/scsi-cmnd.js';
import { scsi_mpath_dev_of } from './scsi-mpath-device.js';

/**
 * A path takes no persistent reservation command, by whatever way it came: BLK_STS_NOTSUPP.
 * Part of scsi_setup_scsi_cmnd(), v2 and v3. Pure.
 */
export const refuses_reservation = ({ device, cmnd }: scsi_cmnd): boolean =>
  scsi_mpath_dev_of(device) !== null && [PERSISTENT_RESERVE_IN, PERSISTENT_RESERVE_OUT].includes(u8(cmnd, 0));
