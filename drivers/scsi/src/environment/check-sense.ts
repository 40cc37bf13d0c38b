// SPDX-License-Identifier: GPL-2.0-only
import { kfn, load, REQ_FAILFAST_DEV, type Steps } from '@libmultipath/driver-kit';
import type { scsi_disposition } from './disposition.js';
import { TEST_UNIT_READY } from './opcodes.js';
import { scsi_report_sense } from './report-sense.js';
import type { scsi_cmnd } from './scsi-cmnd.js';
import { scsi_normalize_sense, scsi_sense_is_deferred, type scsi_sense_hdr } from './sense.js';
import {
  ABORTED_COMMAND,
  BLANK_CHECK,
  COMPLETED,
  COPY_ABORTED,
  DATA_PROTECT,
  HARDWARE_ERROR,
  ILLEGAL_REQUEST,
  MEDIUM_ERROR,
  MISCOMPARE,
  NOT_READY,
  SCSIML_STAT_DL_TIMEOUT,
  SCSIML_STAT_MED_ERROR,
  SCSIML_STAT_NOSPC,
  SCSIML_STAT_TGT_FAILURE,
  UNIT_ATTENTION,
  VOLUME_OVERFLOW,
  with_ml_byte,
} from './status-codes.js';

const unrecoveredMedium = [0x11, 0x13, 0x14];
const illegalForGood = [0x20, 0x21, 0x22, 0x24, 0x26, 0x27];

/** FILEMARK, EOM or ILI: of no concern here. */
const isStream = ({ sense_buffer }: scsi_cmnd, sshdr: scsi_sense_hdr): boolean => {
  if (sshdr.response_code === 0x70) return ((sense_buffer[2] ?? 0) & 0xe0) !== 0;
  return sshdr.additional_length > 3 && sense_buffer[8] === 0x4 && ((sense_buffer[11] ?? 0) & 0xe0) !== 0;
};

const durationLimit = (scmd: scsi_cmnd): void => {
  scmd.result = with_ml_byte(scmd.result, SCSIML_STAT_DL_TIMEOUT);
  scmd.cmd_flags |= REQ_FAILFAST_DEV;
  scmd.quiet = true;
};

const targetFailure = (scmd: scsi_cmnd): void => {
  scmd.result = with_ml_byte(scmd.result, SCSIML_STAT_TGT_FAILURE);
};

const aborted = (scmd: scsi_cmnd, { asc, ascq }: scsi_sense_hdr): scsi_disposition => {
  if (asc === 0x10) return 'SUCCESS';
  if (asc === 0x2e && ascq >= 0x01 && ascq <= 0x03) {
    durationLimit(scmd);
    return 'SUCCESS';
  }
  return 'NEEDS_RETRY';
};

const notReady = (scmd: scsi_cmnd, sshdr: scsi_sense_hdr): scsi_disposition => {
  const { asc, ascq } = sshdr;
  const { sdev_target } = scmd.device;
  if (sdev_target.expecting_lun_change && asc === 0x3f && ascq === 0x0e) return 'NEEDS_RETRY';
  return scmd.device.core.parts.is_becoming_ready(sshdr) ? 'NEEDS_RETRY' : 'SUCCESS';
};

/** The part behind the handler: by the key and the codes. Flags of single devices (BLIST_…) are not modelled. */
const byKey = (scmd: scsi_cmnd, sshdr: scsi_sense_hdr): scsi_disposition => {
  const { sense_key, asc, ascq } = sshdr;
  switch (sense_key) {
    case ABORTED_COMMAND:
      return aborted(scmd, sshdr);
    case NOT_READY:
    case UNIT_ATTENTION:
      return notReady(scmd, sshdr);
    case DATA_PROTECT:
      if (asc === 0x27 && ascq === 0x07) scmd.result = with_ml_byte(scmd.result, SCSIML_STAT_NOSPC);
      else targetFailure(scmd);
      return 'SUCCESS';
    case COPY_ABORTED:
    case VOLUME_OVERFLOW:
    case MISCOMPARE:
    case BLANK_CHECK:
    case HARDWARE_ERROR:
      targetFailure(scmd);
      return 'SUCCESS';
    case MEDIUM_ERROR:
      if (!unrecoveredMedium.includes(asc)) return 'NEEDS_RETRY';
      scmd.result = with_ml_byte(scmd.result, SCSIML_STAT_MED_ERROR);
      return 'SUCCESS';
    case ILLEGAL_REQUEST:
      if (illegalForGood.includes(asc)) targetFailure(scmd);
      return 'SUCCESS';
    case COMPLETED:
      if (asc === 0x55 && ascq === 0x0a) durationLimit(scmd);
      return 'SUCCESS';
    default:
      return 'SUCCESS';
  }
};

/**
 * What the sense of a command asks for; the device's handler is asked first.
 * Kernel: scsi_check_sense(), all versions. Context: atomic.
 * @returns FAILED without valid sense
 */
export const scsi_check_sense = kfn('scsi_check_sense', function* (scmd: scsi_cmnd): Steps<scsi_disposition> {
  const sdev = scmd.device;
  const sshdr = scsi_normalize_sense(scmd.sense_buffer);
  if (sshdr === null) return 'FAILED';
  scsi_report_sense(sdev, sshdr);
  if (scsi_sense_is_deferred(sshdr)) return 'NEEDS_RETRY';
  const handler = yield* load(sdev, 'handler');
  if (handler !== null) {
    const rc = yield* handler.check_sense(sdev, sshdr);
    if (rc !== 'SCSI_RETURN_NOT_HANDLED') return rc;
  }
  if (scmd.cmnd[0] === TEST_UNIT_READY && !scmd.submittedByEh) return 'SUCCESS';
  if (isStream(scmd, sshdr)) return 'SUCCESS';
  return byKey(scmd, sshdr);
});
