// SPDX-License-Identifier: GPL-2.0-only
import { dev_info, kfn, set_capacity_and_notify, store, type Steps } from '@libmultipath/driver-kit';
import { be32 } from '../bytes.js';
import { scsi_execute_cmd, type Executed } from '../execute.js';
import { readCapacity10, testUnitReady } from '../opcodes.js';
import type { scsi_disk } from './scsi-disk.js';

/** Attempts beyond the first, after any error. */
const RETRIES = 3;
const TIMEOUT_S = 30;

function* attempts(sdkp: scsi_disk, cdb: readonly number[]): Steps<Executed> {
  let last = yield* scsi_execute_cmd(sdkp.device, cdb, { timeoutS: TIMEOUT_S, retries: 5 });
  for (let n = 0; n < RETRIES && last.result > 0; n++) {
    last = yield* scsi_execute_cmd(sdkp.device, cdb, { timeoutS: TIMEOUT_S, retries: 5 });
  }
  return last;
}

/**
 * The disk's size becomes what the device says; nothing when it does not say. (READ CAPACITY (10) only;
 * the unit is spun up by nobody, but asked whether it is ready, which is what takes a unit attention away.)
 * Kernel: sd_revalidate_disk() with sd_spinup_disk() and sd_read_capacity(), all versions. Context: may sleep.
 */
export const sd_revalidate_disk = kfn('sd_revalidate_disk', function* (sdkp: scsi_disk): Steps<void> {
  yield* scsi_execute_cmd(sdkp.device, testUnitReady, { timeoutS: TIMEOUT_S, retries: 5 });
  const { result, data } = yield* attempts(sdkp, readCapacity10);
  const sectors = result === 0 ? be32(data, 0) + 1 : 0;
  if (result !== 0) dev_info(sdkp.device, `[${sdkp.disk.disk_name}] Read Capacity(10) failed`);
  yield* store(sdkp, 'capacity', sectors);
  yield* set_capacity_and_notify(sdkp.disk, sectors);
});
