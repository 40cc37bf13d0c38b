// SPDX-License-Identifier: GPL-2.0-only
import {
  dev_info,
  kfn,
  READ_ONCE,
  REQ_FAILFAST_DEV,
  REQ_FAILFAST_DRIVER,
  REQ_FAILFAST_TRANSPORT,
  type Steps,
} from '@libmultipath/driver-kit';
import { scsi_check_sense } from './check-sense.js';
import { isOnline } from './device-states.js';
import type { scsi_disposition } from './disposition.js';
import { INQUIRY, REPORT_LUNS, TEST_UNIT_READY } from './opcodes.js';
import { SCSI_CMD_RETRIES_NO_LIMIT, type scsi_cmnd } from './scsi-cmnd.js';
import { scsi_normalize_sense } from './sense.js';
import * as code from './status-codes.js';

/** Counts a retry. Kernel: scsi_cmd_retry_allowed(), all versions. */
export const scsi_cmd_retry_allowed = (cmd: scsi_cmnd): boolean =>
  cmd.allowed === SCSI_CMD_RETRIES_NO_LIMIT || ++cmd.retries <= cmd.allowed;

/** Is the command to fail at once rather than to be retried? Kernel: scsi_noretry_cmd(), all versions. */
export const scsi_noretry_cmd = (scmd: scsi_cmnd): boolean => {
  const has = (flag: number): boolean => (scmd.cmd_flags & flag) !== 0;
  const byType = (): boolean => has(REQ_FAILFAST_DEV) || scmd.isPassthrough;
  switch (code.host_byte(scmd.result)) {
    case code.DID_TIME_OUT:
      return byType();
    case code.DID_BUS_BUSY:
      return has(REQ_FAILFAST_TRANSPORT);
    case code.DID_PARITY:
      return has(REQ_FAILFAST_DEV);
    case code.DID_ERROR:
      return code.status_byte(scmd.result) !== code.SAM_STAT_RESERVATION_CONFLICT && has(REQ_FAILFAST_DRIVER);
    case code.DID_SOFT_ERROR:
      return has(REQ_FAILFAST_DRIVER);
    default:
  }
  if (code.scsi_ml_byte(scmd.result) === code.SCSIML_STAT_DL_TIMEOUT) return true;
  return code.scsi_status_is_check_condition(scmd.result) && byType();
};

/** 'maybe_retry': a retry while there are some left, else the result goes up as it is. */
function* maybeRetry(scmd: scsi_cmnd): Steps<scsi_disposition> {
  if (scsi_cmd_retry_allowed(scmd) && !scsi_noretry_cmd(scmd)) return 'NEEDS_RETRY';
  return yield* scmd.device.core.mpath.disposition(scmd, 'SUCCESS');
}

/** By the host byte; undefined: the status byte decides. */
function* byHostByte(scmd: scsi_cmnd): Steps<scsi_disposition | undefined> {
  switch (code.host_byte(scmd.result)) {
    case code.DID_OK:
      return undefined;
    case code.DID_PASSTHROUGH:
      scmd.result = code.with_host_byte(scmd.result, code.DID_OK);
      return 'SUCCESS';
    case code.DID_ABORT:
      if (scmd.abortScheduled) scmd.result = code.with_host_byte(scmd.result, code.DID_TIME_OUT);
      return 'SUCCESS';
    case code.DID_NO_CONNECT:
    case code.DID_BAD_TARGET:
    case code.DID_TRANSPORT_FAILFAST:
    case code.DID_TRANSPORT_MARGINAL:
    case code.DID_RESET:
      return 'SUCCESS';
    case code.DID_IMM_RETRY:
      return 'NEEDS_RETRY';
    case code.DID_REQUEUE:
      return 'ADD_TO_MLQUEUE';
    case code.DID_ERROR:
      // A reservation conflict is looked at below.
      return code.status_byte(scmd.result) === code.SAM_STAT_RESERVATION_CONFLICT ? undefined : yield* maybeRetry(scmd);
    case code.DID_SOFT_ERROR:
    case code.DID_TRANSPORT_DISRUPTED:
    case code.DID_BUS_BUSY:
    case code.DID_PARITY:
      return yield* maybeRetry(scmd);
    case code.DID_TIME_OUT:
      return scmd.cmnd[0] === TEST_UNIT_READY || scmd.cmnd[0] === INQUIRY ? 'SUCCESS' : 'FAILED';
    default:
      return 'FAILED';
  }
}

function* byStatusByte(scmd: scsi_cmnd): Steps<scsi_disposition> {
  switch (code.status_byte(scmd.result)) {
    case code.SAM_STAT_TASK_SET_FULL:
    case code.SAM_STAT_BUSY:
      return 'ADD_TO_MLQUEUE';
    case code.SAM_STAT_GOOD:
      if (scmd.cmnd[0] === REPORT_LUNS) scmd.device.sdev_target.expecting_lun_change = false;
      if (scsi_normalize_sense(scmd.sense_buffer) !== null) yield* scsi_check_sense(scmd);
      return 'SUCCESS';
    case code.SAM_STAT_COMMAND_TERMINATED:
    case code.SAM_STAT_CONDITION_MET:
    case code.SAM_STAT_INTERMEDIATE:
    case code.SAM_STAT_INTERMEDIATE_CONDITION_MET:
    case code.SAM_STAT_ACA_ACTIVE:
      return 'SUCCESS';
    case code.SAM_STAT_TASK_ABORTED:
      return yield* maybeRetry(scmd);
    case code.SAM_STAT_CHECK_CONDITION: {
      const rtn = yield* scsi_check_sense(scmd);
      return rtn === 'NEEDS_RETRY' ? yield* maybeRetry(scmd) : rtn;
    }
    case code.SAM_STAT_RESERVATION_CONFLICT:
      dev_info(scmd.device, 'reservation conflict');
      scmd.result = code.with_ml_byte(scmd.result, code.SCSIML_STAT_RESV_CONFLICT);
      return 'SUCCESS';
    default:
      return 'FAILED';
  }
}

/**
 * What is done with a command that its host has finished: SUCCESS hands the result up, whatever it is.
 * (Adjusting the queue depth after TASK SET FULL is not modelled.)
 * Kernel: scsi_decide_disposition(), all versions. Context: atomic.
 */
export const scsi_decide_disposition = kfn(
  'scsi_decide_disposition',
  function* (scmd: scsi_cmnd): Steps<scsi_disposition> {
    const { device } = scmd;
    if (!isOnline(yield* READ_ONCE(device, 'sdev_state'))) return yield* device.core.mpath.disposition(scmd, 'SUCCESS');
    return (yield* byHostByte(scmd)) ?? (yield* byStatusByte(scmd));
  },
);
