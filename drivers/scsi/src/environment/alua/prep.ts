// SPDX-License-Identifier: GPL-2.0-only
import {
  BLK_STS_IOERR,
  BLK_STS_OK,
  kfn,
  load,
  rcu_dereference,
  type blk_status_t,
  type Steps,
} from '@libmultipath/driver-kit';
import {
  SCSI_ACCESS_STATE_ACTIVE,
  SCSI_ACCESS_STATE_LBA,
  SCSI_ACCESS_STATE_OPTIMAL,
  SCSI_ACCESS_STATE_TRANSITIONING,
} from '../access-states.js';
import { with_rcu } from '../rcu.js';
import type { scsi_cmnd } from '../scsi-cmnd.js';
import type { scsi_device } from '../scsi-device.js';
import { dataOf } from './dh-data.js';

const passes: readonly number[] = [
  SCSI_ACCESS_STATE_OPTIMAL,
  SCSI_ACCESS_STATE_ACTIVE,
  SCSI_ACCESS_STATE_LBA,
  SCSI_ACCESS_STATE_TRANSITIONING,
];

/**
 * I/O to a group in any other state fails here and never reaches the target, so no unit attention tells
 * that the group came back.
 * Kernel: alua_prep_fn(), all versions. Context: may not sleep.
 */
export const alua_prep_fn = kfn('alua_prep_fn', function* (sdev: scsi_device, cmd: scsi_cmnd): Steps<blk_status_t> {
  const state = yield* with_rcu(function* () {
    const h = dataOf(yield* load(sdev, 'handler_data'));
    const pg = h === null ? null : yield* rcu_dereference(h, 'pg');
    return pg === null ? SCSI_ACCESS_STATE_OPTIMAL : yield* load(pg, 'state');
  });
  if (passes.includes(state)) return BLK_STS_OK;
  cmd.quiet = true;
  return BLK_STS_IOERR;
});
