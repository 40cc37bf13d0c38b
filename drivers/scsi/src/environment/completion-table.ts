// SPDX-License-Identifier: GPL-2.0-only
import {
  BLK_STS_IOERR,
  BLK_STS_MEDIUM,
  BLK_STS_NOSPC,
  BLK_STS_OK,
  BLK_STS_PROTECTION,
  BLK_STS_RESV_CONFLICT,
  BLK_STS_TARGET,
  BLK_STS_TRANSPORT,
  E,
  type blk_status_t,
} from '@libmultipath/driver-kit';
import * as code from './status-codes.js';

/** A completion as a device or its host gives it. */
export interface Completion {
  readonly host?: number;
  readonly status?: number;
  /** Sense key, asc, ascq; goes with CHECK CONDITION. */
  readonly sense?: readonly [number, number, number];
}

/** What one read of 512 bytes does when its path answers so to every attempt, twenty times, without a handler. */
export interface CompletionRow {
  readonly name: string;
  readonly completion: Completion;
  /** Attempts that reached the device, of at most 20 that were to fail. */
  readonly attempts: number;
  readonly status: blk_status_t;
  /** 0 or the errno of a direct read. */
  readonly errno: number;
  /** Would another path be tried? */
  readonly pathError: boolean;
  /** State of the device afterwards, when it is not `running`. */
  readonly becomes?: 'offline';
  /** `measured`: on a 7.3.4 kernel with scsi_debug's injection; `source`: read in the kernel's code. */
  readonly from: 'measured' | 'source';
}

/** Failures that are armed in each row. */
export const ARMED = 20;

const row = (
  name: string,
  completion: Completion,
  attempts: number,
  status: blk_status_t,
  errno: number,
  pathError: boolean,
  from: CompletionRow['from'] = 'measured',
): CompletionRow => ({ name, completion, attempts, status, errno, pathError, from });

const host = (byte: number): Completion => ({ host: byte });
const sense = (key: number, asc: number, ascq: number): Completion => ({
  status: code.SAM_STAT_CHECK_CONDITION,
  sense: [key, asc, ascq],
});

/**
 * Completion → attempts, block status, errno. Rows that end well do so since the failures run out:
 * only the time of the command bounds such retries.
 */
export const completionTable: readonly CompletionRow[] = [
  row('DID_NO_CONNECT', host(code.DID_NO_CONNECT), 1, BLK_STS_IOERR, E.EIO, true),
  row('DID_BUS_BUSY', host(code.DID_BUS_BUSY), 6, BLK_STS_IOERR, E.EIO, true),
  row('DID_ERROR', host(code.DID_ERROR), 6, BLK_STS_IOERR, E.EIO, true),
  row('DID_SOFT_ERROR', host(code.DID_SOFT_ERROR), 6, BLK_STS_IOERR, E.EIO, true),
  row('DID_TRANSPORT_DISRUPTED', host(code.DID_TRANSPORT_DISRUPTED), 6, BLK_STS_IOERR, E.EIO, true),
  row('DID_IMM_RETRY', host(code.DID_IMM_RETRY), ARMED, BLK_STS_OK, 0, false),
  row('DID_REQUEUE', host(code.DID_REQUEUE), ARMED, BLK_STS_OK, 0, false),
  row('DID_TRANSPORT_FAILFAST', host(code.DID_TRANSPORT_FAILFAST), 1, BLK_STS_TRANSPORT, E.ENOLINK, true),
  row('DID_TRANSPORT_MARGINAL', host(code.DID_TRANSPORT_MARGINAL), 1, BLK_STS_TRANSPORT, E.ENOLINK, true),
  { ...row('DID_TIME_OUT', host(code.DID_TIME_OUT), 2, BLK_STS_IOERR, E.EIO, true), becomes: 'offline' },
  row('3/11/00 unrecovered read error', sense(code.MEDIUM_ERROR, 0x11, 0x00), 1, BLK_STS_MEDIUM, E.ENODATA, false),
  row('4/44/00 internal target failure', sense(code.HARDWARE_ERROR, 0x44, 0x00), 1, BLK_STS_TARGET, E.EREMOTEIO, false),
  row('5/24/00 invalid field in cdb', sense(code.ILLEGAL_REQUEST, 0x24, 0x00), 1, BLK_STS_TARGET, E.EREMOTEIO, false),
  row('7/27/00 write protected', sense(code.DATA_PROTECT, 0x27, 0x00), 1, BLK_STS_TARGET, E.EREMOTEIO, false),
  row('5/25/00 LUN not supported', sense(code.ILLEGAL_REQUEST, 0x25, 0x00), 1, BLK_STS_IOERR, E.EIO, true),
  row('b/00/00 aborted command', sense(code.ABORTED_COMMAND, 0x00, 0x00), 6, BLK_STS_IOERR, E.EIO, true),
  row('b/10/01 guard check failed', sense(code.ABORTED_COMMAND, 0x10, 0x01), 1, BLK_STS_PROTECTION, E.EILSEQ, false),
  row('2/04/0a ALUA transition', sense(code.NOT_READY, 0x04, 0x0a), ARMED, BLK_STS_OK, 0, false),
  row('2/04/0b standby', sense(code.NOT_READY, 0x04, 0x0b), 1, BLK_STS_IOERR, E.EIO, true),
  row('2/04/0c unavailable', sense(code.NOT_READY, 0x04, 0x0c), 1, BLK_STS_IOERR, E.EIO, true),
  row('2/04/02 start unit needed', sense(code.NOT_READY, 0x04, 0x02), 1, BLK_STS_IOERR, E.EIO, true),
  row('6/2a/06 ALUA state changed', sense(code.UNIT_ATTENTION, 0x2a, 0x06), ARMED, BLK_STS_OK, 0, false),
  row('6/29/00 power on or reset', sense(code.UNIT_ATTENTION, 0x29, 0x00), ARMED, BLK_STS_OK, 0, false),
  row('reservation conflict', { status: code.SAM_STAT_RESERVATION_CONFLICT }, 1, BLK_STS_RESV_CONFLICT, E.EBADE, false),
  row('task set full', { status: code.SAM_STAT_TASK_SET_FULL }, ARMED, BLK_STS_OK, 0, false),
  row('busy', { status: code.SAM_STAT_BUSY }, ARMED, BLK_STS_OK, 0, false),
  row(
    '7/27/07 thin provisioning limit',
    sense(code.DATA_PROTECT, 0x27, 0x07),
    1,
    BLK_STS_NOSPC,
    E.ENOSPC,
    false,
    'source',
  ),
  row('3/0c/00 other medium error', sense(code.MEDIUM_ERROR, 0x0c, 0x00), 6, BLK_STS_IOERR, E.EIO, true, 'source'),
];
