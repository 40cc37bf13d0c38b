// SPDX-License-Identifier: GPL-2.0-only
import { dev_info, kfn, load, type Steps } from '@libmultipath/driver-kit';
import * as access from '../access-states.js';
import { toBe } from '../bytes.js';
import { SCSI_DH_DEV_TEMP_BUSY, SCSI_DH_IO, SCSI_DH_NOSYS, SCSI_DH_OK, SCSI_DH_RETRY } from '../device-handler.js';
import { scsi_execute_cmd } from '../execute.js';
import { setTargetPortGroups } from '../opcodes.js';
import type { scsi_device } from '../scsi-device.js';
import { ALUA_OPTIMIZE_STPG, type alua_port_group } from './port-group.js';

/** TPGS modes, as in INQUIRY. */
export const TPGS_MODE_IMPLICIT = 0x1;
export const TPGS_MODE_EXPLICIT = 0x2;

const LENGTH = 8;
const ALUA_FAILOVER_RETRIES = 5;

/** What the group's state says before anything is sent; undefined: send. */
function* early(sdev: scsi_device, pg: alua_port_group): Steps<number | undefined> {
  const state = yield* load(pg, 'state');
  switch (state) {
    case access.SCSI_ACCESS_STATE_OPTIMAL:
      return SCSI_DH_OK;
    case access.SCSI_ACCESS_STATE_ACTIVE: {
      const mayStay = ((yield* load(pg, 'flags')) & ALUA_OPTIMIZE_STPG) !== 0 && (yield* load(pg, 'pref')) === 0;
      return mayStay && (pg.tpgs & TPGS_MODE_IMPLICIT) !== 0 ? SCSI_DH_OK : undefined;
    }
    case access.SCSI_ACCESS_STATE_STANDBY:
    case access.SCSI_ACCESS_STATE_UNAVAILABLE:
    case access.SCSI_ACCESS_STATE_TRANSITIONING:
      return undefined;
    case access.SCSI_ACCESS_STATE_OFFLINE:
      return SCSI_DH_IO;
    default:
      dev_info(sdev, `alua: stpg failed, unhandled TPGS state ${String(state)}`);
      return SCSI_DH_NOSYS;
  }
}

/**
 * Asks the target to make the group optimized, where that can be asked; the rest is the target's business.
 * Kernel: alua_stpg(), all versions. Context: may sleep, in the worker.
 * @returns SCSI_DH_RETRY: RTPG is to show what came of it
 */
export const alua_stpg = kfn('alua_stpg', function* (sdev: scsi_device, pg: alua_port_group): Steps<number> {
  if ((pg.tpgs & TPGS_MODE_EXPLICIT) === 0) return SCSI_DH_RETRY;
  const known = yield* early(sdev, pg);
  if (known !== undefined) return known;
  const data = [0, 0, 0, 0, access.SCSI_ACCESS_STATE_OPTIMAL, 0, ...toBe(pg.group_id, 2)];
  const timeoutS = pg.core.parts.failover_timeout_s;
  const options = { timeoutS, retries: ALUA_FAILOVER_RETRIES, failfast: true, data };
  const { result, sshdr } = yield* scsi_execute_cmd(sdev, setTargetPortGroups(LENGTH), options);
  if (result < 0 || (result !== 0 && sshdr === null)) dev_info(sdev, `alua: stpg failed, result ${String(result)}`);
  else if (result !== 0) dev_info(sdev, 'alua: stpg failed');
  return result < 0 ? SCSI_DH_DEV_TEMP_BUSY : SCSI_DH_RETRY;
});
