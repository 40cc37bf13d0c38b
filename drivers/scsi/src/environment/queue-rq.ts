// SPDX-License-Identifier: GPL-2.0-only
import {
  BLK_STS_DEV_RESOURCE,
  BLK_STS_IOERR,
  BLK_STS_NOTSUPP,
  BLK_STS_OFFLINE,
  BLK_STS_OK,
  BLK_STS_RESOURCE,
  dev_err,
  jiffies,
  kfn,
  load,
  makeStep,
  READ_ONCE,
  store,
  WARN_ON_ONCE,
  type blk_status_t,
  type Steps,
} from '@libmultipath/driver-kit';
import { put_token, scsi_run_queue_async, set_device_blocked } from './budget.js';
import { countsOf } from './command-counts.js';
import { scsi_done } from './complete.js';
import {
  isBlocked,
  isOnline,
  SDEV_BLOCK,
  SDEV_CREATED,
  SDEV_CREATED_BLOCK,
  SDEV_DEL,
  SDEV_OFFLINE,
  SDEV_QUIESCE,
  SDEV_RUNNING,
  SDEV_TRANSPORT_OFFLINE,
} from './device-states.js';
import { queuecommand } from './hardware/hba.js';
import { scsi_dec_host_busy, scsi_inc_host_busy } from './host-busy.js';
import { isInRecovery, SHOST_DEL } from './host-states.js';
import { blk_mq_end_request } from './io-completion.js';
import type { scsi_cmnd } from './scsi-cmnd.js';
import type { scsi_device } from './scsi-device.js';
import { DID_ERROR, DID_NO_CONNECT } from './status-codes.js';

/**
 * What a device in another state than RUNNING does with a request. (Power management requests do not
 * exist in the model; every other request is refused as the kernel refuses it, passthrough too.)
 * Kernel: scsi_device_state_check(), all versions.
 */
const scsi_device_state_check = kfn(
  'scsi_device_state_check',
  function* (sdev: scsi_device, state: number): Steps<blk_status_t> {
    switch (state) {
      case SDEV_CREATED:
        return BLK_STS_OK;
      case SDEV_OFFLINE:
      case SDEV_TRANSPORT_OFFLINE:
        if (!(yield* load(sdev, 'offline_already'))) {
          yield* store(sdev, 'offline_already', true);
          dev_err(sdev, 'rejecting I/O to offline device');
        }
        return BLK_STS_IOERR;
      case SDEV_DEL:
        dev_err(sdev, 'rejecting I/O to dead device');
        return BLK_STS_IOERR;
      case SDEV_BLOCK:
      case SDEV_CREATED_BLOCK:
        return BLK_STS_RESOURCE;
      case SDEV_QUIESCE:
        WARN_ON_ONCE(true, 'scsi_device_state_check: request on a quiesced device');
        return BLK_STS_RESOURCE;
      default:
        return BLK_STS_OFFLINE;
    }
  },
);

/** Kernel: scsi_prepare_cmd(), all versions. The handler's word comes before the driver's. */
const scsi_prepare_cmd = kfn('scsi_prepare_cmd', function* (cmd: scsi_cmnd): Steps<blk_status_t> {
  const { device } = cmd;
  cmd.result = 0;
  cmd.abortScheduled = false;
  cmd.state_complete = false;
  if (cmd.isPassthrough) return (yield* device.core.mpath.refuses(cmd)) ? BLK_STS_NOTSUPP : BLK_STS_OK;
  if (cmd.jiffies_at_alloc === -1) cmd.jiffies_at_alloc = yield* jiffies();
  const handler = yield* load(device, 'handler');
  if (handler !== null) {
    const status = yield* handler.prep_fn(device, cmd);
    if (status !== BLK_STS_OK) return status;
  }
  cmd.allowed = 0;
  const sdkp = yield* load(device, 'sdkp');
  return sdkp === null ? BLK_STS_IOERR : sdkp.init_command(cmd);
});

/** Kernel: scsi_dispatch_cmd(), all versions. @returns false: the device is blocked, the request is to wait */
const scsi_dispatch_cmd = kfn('scsi_dispatch_cmd', function* (cmd: scsi_cmnd): Steps<boolean> {
  const { device } = cmd;
  countsOf(device).requests++;
  const state = yield* READ_ONCE(device, 'sdev_state');
  if (isBlocked(state)) return false;
  if (state === SDEV_DEL || (yield* READ_ONCE(device.host, 'shost_state')) === SHOST_DEL) {
    cmd.result = DID_NO_CONNECT << 16;
    yield* scsi_done(cmd);
    return true;
  }
  yield* queuecommand(device.host.hba, cmd);
  return true;
});

/** Prepares the command unless it is prepared, and sends it; the host's count is taken back when it is not sent. */
function* send(cmd: scsi_cmnd): Steps<blk_status_t> {
  const { device } = cmd;
  yield* scsi_inc_host_busy(device.host);
  let status: blk_status_t = BLK_STS_OK;
  if (!cmd.prepared) status = yield* scsi_prepare_cmd(cmd);
  else {
    yield makeStep('clear_bit', cmd, 'state_complete', 'write');
    cmd.state_complete = false;
  }
  if (status === BLK_STS_OK) {
    cmd.prepared = true;
    cmd.sense_buffer = [];
    yield* device.core.mpath.start_request(cmd);
    if (yield* scsi_dispatch_cmd(cmd)) return BLK_STS_OK;
    yield* set_device_blocked(device);
    status = BLK_STS_RESOURCE;
  }
  yield* scsi_dec_host_busy(device.host);
  return status;
}

/**
 * One request goes to its device, or not: RESOURCE and DEV_RESOURCE keep it in the queue, everything
 * else but OK ends it.
 * Kernel: scsi_queue_rq(), all versions. Context: may not sleep; a token of the budget is held.
 */
export const scsi_queue_rq = kfn('scsi_queue_rq', function* (cmd: scsi_cmnd): Steps<blk_status_t> {
  const { device } = cmd;
  const state = yield* READ_ONCE(device, 'sdev_state');
  let status: blk_status_t = BLK_STS_OK;
  if (state !== SDEV_RUNNING) status = yield* scsi_device_state_check(device, state);
  if (status === BLK_STS_IOERR && (yield* device.core.mpath.leaves(cmd))) {
    yield* put_token(device);
    yield* device.core.mpath.failover(cmd);
    yield* blk_mq_end_request(cmd, BLK_STS_OK);
    return BLK_STS_OK;
  }
  if (status === BLK_STS_OK && isInRecovery(yield* READ_ONCE(device.host, 'shost_state'))) status = BLK_STS_RESOURCE;
  if (status === BLK_STS_OK) status = yield* send(cmd);
  if (status === BLK_STS_OK) return BLK_STS_OK;
  yield* put_token(device);
  if (status === BLK_STS_RESOURCE) {
    return isBlocked(yield* READ_ONCE(device, 'sdev_state')) ? BLK_STS_DEV_RESOURCE : BLK_STS_RESOURCE;
  }
  cmd.result = (isOnline(yield* READ_ONCE(device, 'sdev_state')) ? DID_ERROR : DID_NO_CONNECT) << 16;
  yield* scsi_run_queue_async(device);
  return status;
});
