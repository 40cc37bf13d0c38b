// SPDX-License-Identifier: GPL-2.0-only
import {
  BLK_STS_DURATION_LIMIT,
  BLK_STS_IOERR,
  BLK_STS_MEDIUM,
  BLK_STS_NOSPC,
  BLK_STS_OK,
  BLK_STS_PROTECTION,
  BLK_STS_RESV_CONFLICT,
  BLK_STS_TARGET,
  BLK_STS_TRANSPORT,
  BLK_STS_ZONE_OPEN_RESOURCE,
  type blk_status_t,
} from '@libmultipath/driver-kit';
import { scsi_sense_is_deferred, type scsi_sense_hdr } from './sense.js';
import * as code from './status-codes.js';

const ofMlByte: Readonly<Record<number, blk_status_t>> = {
  [code.SCSIML_STAT_RESV_CONFLICT]: BLK_STS_RESV_CONFLICT,
  [code.SCSIML_STAT_NOSPC]: BLK_STS_NOSPC,
  [code.SCSIML_STAT_MED_ERROR]: BLK_STS_MEDIUM,
  [code.SCSIML_STAT_TGT_FAILURE]: BLK_STS_TARGET,
  [code.SCSIML_STAT_DL_TIMEOUT]: BLK_STS_DURATION_LIMIT,
};

/** The midlayer's byte first, then the host's. Kernel: scsi_result_to_blk_status(), all versions. Pure. */
export const scsi_result_to_blk_status = (result: number): blk_status_t => {
  const known = ofMlByte[code.scsi_ml_byte(result)];
  if (known !== undefined) return known;
  switch (code.host_byte(result)) {
    case code.DID_OK:
      return code.scsi_status_is_good(result) ? BLK_STS_OK : BLK_STS_IOERR;
    case code.DID_TRANSPORT_FAILFAST:
    case code.DID_TRANSPORT_MARGINAL:
      return BLK_STS_TRANSPORT;
    default:
      return BLK_STS_IOERR;
  }
};

/** What scsi_io_completion_action() does with the rest of a request. */
export type CompletionAction = 'FAIL' | 'REPREP' | 'DELAYED_REPREP' | 'RETRY' | 'DELAYED_RETRY';

export interface Decided {
  readonly action: CompletionAction;
  /** Of a request that fails. */
  readonly blk_stat: blk_status_t;
}

/** NOT READY, asc 04: something goes on that will end. */
const inProgress = [0x01, 0x04, 0x05, 0x06, 0x07, 0x08, 0x09, 0x11, 0x14, 0x1a, 0x1b, 0x1d];
const ALUA_TRANSITION = 0x0a;

const ofSense = ({ sense_key, asc, ascq }: scsi_sense_hdr, blk_stat: blk_status_t): Decided => {
  const fail = (status: blk_status_t = blk_stat): Decided => ({ action: 'FAIL', blk_stat: status });
  switch (sense_key) {
    case code.UNIT_ATTENTION:
      // The model has no removable media.
      return { action: 'RETRY', blk_stat };
    case code.ILLEGAL_REQUEST:
      if (asc === 0x10) return fail(BLK_STS_PROTECTION);
      return fail(asc === 0x20 || asc === 0x24 ? BLK_STS_TARGET : blk_stat);
    case code.ABORTED_COMMAND:
      return fail(asc === 0x10 ? BLK_STS_PROTECTION : blk_stat);
    case code.NOT_READY:
      if (asc !== 0x04) return fail();
      if (ascq === ALUA_TRANSITION) return { action: 'DELAYED_REPREP', blk_stat };
      return inProgress.includes(ascq) ? { action: 'DELAYED_RETRY', blk_stat } : fail();
    case code.DATA_PROTECT: {
      const noZone = (asc === 0x0c && ascq === 0x12) || (asc === 0x55 && (ascq === 0x0e || ascq === 0x0f));
      return fail(noZone ? BLK_STS_ZONE_OPEN_RESOURCE : blk_stat);
    }
    default:
      return fail();
  }
};

/**
 * What becomes of a request whose command ended with an error that was handed up. (The fallback to a
 * six-byte read, for devices that know no other, is not modelled.)
 * Kernel: the decision of scsi_io_completion_action(), all versions. Pure.
 */
export const decideAction = (result: number, sshdr: scsi_sense_hdr | null): Decided => {
  const blk_stat = scsi_result_to_blk_status(result);
  if (code.host_byte(result) === code.DID_RESET) return { action: 'RETRY', blk_stat };
  if (sshdr !== null && !scsi_sense_is_deferred(sshdr)) return ofSense(sshdr, blk_stat);
  return { action: 'FAIL', blk_stat };
};
