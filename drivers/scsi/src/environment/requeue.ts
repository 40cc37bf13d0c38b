// SPDX-License-Identifier: GPL-2.0-only
import { kfn, READ_ONCE, type Steps } from '@libmultipath/driver-kit';
import { set_device_blocked } from './budget.js';
import { isInRecovery } from './host-states.js';
import { scsi_device_unbusy } from './host-busy.js';
import { blk_mq_kick_requeue_list, blk_mq_requeue_request } from './mq-lists.js';
import type { scsi_cmnd } from './scsi-cmnd.js';

/** While the host recovers nobody is kicked: the end of the recovery does that. */
function* give_back(cmd: scsi_cmnd, ms: number): Steps<void> {
  const { host, request_queue } = cmd.device;
  yield* blk_mq_requeue_request(request_queue, cmd);
  if (!isInRecovery(yield* READ_ONCE(host, 'shost_state'))) yield* blk_mq_kick_requeue_list(request_queue, ms);
}

/**
 * The same command again, as it is. (Only the device is ever blocked: the simulated host is never busy.)
 * Kernel: __scsi_queue_insert(), all versions. Context: any.
 * @param unbusy the command still counts as in flight
 */
export const __scsi_queue_insert = kfn('__scsi_queue_insert', function* (cmd: scsi_cmnd, unbusy: boolean): Steps<void> {
  yield* set_device_blocked(cmd.device);
  if (unbusy) yield* scsi_device_unbusy(cmd.device);
  cmd.result = 0;
  yield* give_back(cmd, 0);
});

/** The request is prepared anew. Kernel: scsi_mq_requeue_cmd(), all versions. Context: any. */
export const scsi_mq_requeue_cmd = kfn('scsi_mq_requeue_cmd', function* (cmd: scsi_cmnd, ms: number): Steps<void> {
  cmd.prepared = false;
  yield* give_back(cmd, ms);
});
