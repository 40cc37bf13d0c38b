// SPDX-License-Identifier: GPL-2.0-only
import {
  atomic_read,
  atomic_set,
  bio_endio,
  BLK_STS_OK,
  blk_queue_exit,
  complete,
  dev_err,
  HZ,
  jiffies,
  kfn,
  load,
  type blk_status_t,
  type Steps,
} from '@libmultipath/driver-kit';
import { scsi_run_queue_async } from './budget.js';
import { decideAction, scsi_result_to_blk_status } from './completion-action.js';
import { scsi_device_unbusy } from './host-busy.js';
import { __scsi_queue_insert, scsi_mq_requeue_cmd } from './requeue.js';
import { SCSI_CMD_RETRIES_NO_LIMIT, type scsi_cmnd } from './scsi-cmnd.js';
import { scsi_normalize_sense, scsi_sense_is_deferred } from './sense.js';
import * as code from './status-codes.js';

/** Milliseconds between two attempts on a group in transition. */
const ALUA_TRANSITION_REPREP_DELAY = 1000;

/** Has the command been tried for longer than all its attempts may take? Kernel: scsi_cmd_runtime_exceeced(). */
export const scsi_cmd_runtime_exceeced = kfn('scsi_cmd_runtime_exceeced', function* (cmd: scsi_cmnd): Steps<boolean> {
  if (cmd.allowed === SCSI_CMD_RETRIES_NO_LIMIT) return false;
  const wait_for = (cmd.allowed + 1) * cmd.timeoutJiffies;
  if (cmd.jiffies_at_alloc + wait_for >= (yield* jiffies())) return false;
  dev_err(cmd.device, `timing out command, waited ${String(Math.floor(wait_for / HZ))}s`);
  return true;
});

/**
 * Tells whoever waits for the request; the queue is left after. Kernel: blk_mq_end_request(). Context: any.
 * @param meanwhile what is done with the queue before it may go
 */
export function* blk_mq_end_request(cmd: scsi_cmnd, status: blk_status_t, meanwhile?: () => Steps<void>): Steps<void> {
  const { request_queue } = cmd.device;
  cmd.status = status;
  if (cmd.bio !== null) {
    cmd.bio.bi_status = status;
    yield* bio_endio(cmd.bio);
  }
  if (meanwhile !== undefined) yield* meanwhile();
  yield* blk_queue_exit(request_queue);
  if (cmd.waiting !== null) yield* complete(cmd.waiting);
}

/** Kernel: scsi_end_request(), all versions, of the whole request. Context: any. */
const scsi_end_request = kfn('scsi_end_request', function* (cmd: scsi_cmnd, status: blk_status_t): Steps<void> {
  const { device } = cmd;
  yield* device.core.mpath.end_request(cmd);
  yield* blk_mq_end_request(cmd, status, () => scsi_run_queue_async(device));
});

/** The bio goes elsewhere and the request ends well; the device was busy with it. Part of scsi_complete(), v1 of the patches. */
export function* scsi_fail_over(cmd: scsi_cmnd): Steps<void> {
  yield* scsi_device_unbusy(cmd.device);
  yield* cmd.device.core.mpath.failover(cmd);
  yield* scsi_end_request(cmd, BLK_STS_OK);
}

const scsi_io_completion_action = kfn('scsi_io_completion_action', function* (cmd: scsi_cmnd): Steps<void> {
  const sshdr = scsi_normalize_sense(cmd.sense_buffer);
  const { action, blk_stat } = decideAction(cmd.result, sshdr);
  if (action === 'FAIL' || (yield* scsi_cmd_runtime_exceeced(cmd))) {
    yield* scsi_end_request(cmd, blk_stat);
    return;
  }
  switch (action) {
    case 'REPREP':
      yield* scsi_mq_requeue_cmd(cmd, 0);
      return;
    case 'DELAYED_REPREP':
      yield* scsi_mq_requeue_cmd(cmd, ALUA_TRANSITION_REPREP_DELAY);
      return;
    case 'RETRY':
    case 'DELAYED_RETRY':
      yield* __scsi_queue_insert(cmd, false);
  }
});

/** A passthrough command's own view of its result: it is never tried again here. */
const passthroughStatus = (cmd: scsi_cmnd): blk_status_t => {
  const sshdr = scsi_normalize_sense(cmd.sense_buffer);
  if (sshdr?.sense_key === code.RECOVERED_ERROR) return BLK_STS_OK;
  return sshdr === null || !scsi_sense_is_deferred(sshdr) ? scsi_result_to_blk_status(cmd.result) : BLK_STS_OK;
};

const isRecovered = (cmd: scsi_cmnd): boolean =>
  scsi_normalize_sense(cmd.sense_buffer)?.sense_key === code.RECOVERED_ERROR;

/** A status that only looks like an error is none. */
const isGoodStatus = ({ result }: scsi_cmnd): boolean => (result & 0xff) !== 0 && code.scsi_status_is_good(result);

/** sd_done() says of every result but that of a recovered error that nothing was moved. */
const hasBytesLeft = ({ bio, isPassthrough }: scsi_cmnd): boolean => !isPassthrough && bio !== null && bio.bi_size > 0;

/**
 * Ends the request or tries it again. A request is completed whole or not at all: parts of a request are
 * not modelled. What ends well and has moved nothing is sent again, as often as that comes.
 * Kernel: scsi_io_completion(), all versions. Context: any.
 */
const scsi_io_completion = kfn('scsi_io_completion', function* (cmd: scsi_cmnd): Steps<void> {
  if (cmd.result === 0 || isRecovered(cmd)) yield* scsi_end_request(cmd, BLK_STS_OK);
  else if (isGoodStatus(cmd) && hasBytesLeft(cmd)) yield* scsi_mq_requeue_cmd(cmd, 0);
  else if (isGoodStatus(cmd)) yield* scsi_end_request(cmd, BLK_STS_OK);
  else if (cmd.isPassthrough) yield* scsi_end_request(cmd, passthroughStatus(cmd));
  else yield* scsi_io_completion_action(cmd);
});

/**
 * The midlayer is done with the command: its driver looks at it, then the block layer is told.
 * Kernel: scsi_finish_command(), all versions. Context: any.
 */
export const scsi_finish_command = kfn('scsi_finish_command', function* (cmd: scsi_cmnd): Steps<void> {
  const { device } = cmd;
  yield* scsi_device_unbusy(device);
  if ((yield* atomic_read(device.device_blocked)) !== 0) yield* atomic_set(device.device_blocked, 0);
  if (!cmd.isPassthrough) {
    const sdkp = yield* load(device, 'sdkp');
    if (sdkp !== null) yield* sdkp.done();
  }
  yield* scsi_io_completion(cmd);
});
