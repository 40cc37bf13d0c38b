// SPDX-License-Identifier: GPL-2.0-only
import {
  completion,
  current,
  currentMachine,
  dev_info,
  HZ,
  kfn,
  list_del_init,
  list_first_entry_or_null,
  load,
  makeStep,
  spin_lock_irqsave,
  spin_unlock_irqrestore,
  wait_for_completion,
  wake_up,
  READ_ONCE,
  type Steps,
} from '@libmultipath/driver-kit';
import { scsi_check_sense } from './check-sense.js';
import { scsi_cmd_retry_allowed, scsi_noretry_cmd } from './decide.js';
import { set_state_locked } from './device-state.js';
import { isOnline, SDEV_OFFLINE } from './device-states.js';
import type { scsi_disposition } from './disposition.js';
import { queuecommand } from './hardware/hba.js';
import { SHOST_CANCEL, SHOST_DEL, SHOST_RUNNING } from './host-states.js';
import { scsi_finish_command } from './io-completion.js';
import { blk_mq_kick_requeue_list, blk_mq_run_hw_queues_async } from './mq-lists.js';
import { testUnitReady } from './opcodes.js';
import { __scsi_queue_insert } from './requeue.js';
import { scsi_cmnd } from './scsi-cmnd.js';
import type { scsi_device } from './scsi-device.js';
import { scsi_host_set_state, type Scsi_Host } from './scsi-host.js';
import { devices_of } from './shost-devices.js';
import * as code from './status-codes.js';

/** Kernel: SCSI_DEFAULT_EH_TIMEOUT. */
const EH_TIMEOUT_JIFFIES = 10 * HZ;

/** Kernel: scsi_eh_completed_normally(), all versions, of TEST UNIT READY. */
function* completed(scmd: scsi_cmnd): Steps<scsi_disposition> {
  if (code.host_byte(scmd.result) === code.DID_RESET) return yield* scsi_check_sense(scmd);
  if (code.host_byte(scmd.result) !== code.DID_OK) return 'FAILED';
  switch (code.status_byte(scmd.result)) {
    case code.SAM_STAT_CHECK_CONDITION:
      return yield* scsi_check_sense(scmd);
    case code.SAM_STAT_GOOD:
    case code.SAM_STAT_COMMAND_TERMINATED:
    case code.SAM_STAT_CONDITION_MET:
    case code.SAM_STAT_RESERVATION_CONFLICT:
      return 'SUCCESS';
    default:
      return 'FAILED';
  }
}

/** Kernel: scsi_send_eh_cmnd(), all versions: past the queue, whatever the host's state. */
const scsi_send_eh_cmnd = kfn('scsi_send_eh_cmnd', function* (sdev: scsi_device): Steps<scsi_disposition> {
  const done = new completion();
  const tur = new scsi_cmnd(sdev, null, done);
  tur.cmnd = testUnitReady;
  tur.submittedByEh = true;
  tur.timeoutJiffies = EH_TIMEOUT_JIFFIES;
  yield* queuecommand(sdev.host.hba, tur);
  yield* wait_for_completion(done);
  return yield* completed(tur);
});

/** Is the device ready, at the second try at the latest? Kernel: scsi_eh_tur(), all versions. */
const scsi_eh_tur = kfn('scsi_eh_tur', function* (sdev: scsi_device): Steps<boolean> {
  const first = yield* scsi_send_eh_cmnd(sdev);
  if (first === 'SUCCESS') return true;
  if (first !== 'NEEDS_RETRY') return false;
  const second = yield* scsi_send_eh_cmnd(sdev);
  return second === 'SUCCESS' || second === 'NEEDS_RETRY';
});

/** What the driver makes of a successful recovery. Kernel: scsi_eh_action(), all versions. */
function* scsi_eh_action(scmd: scsi_cmnd, rtn: scsi_disposition): Steps<scsi_disposition> {
  const sdkp = scmd.isPassthrough ? null : yield* load(scmd.device, 'sdkp');
  return sdkp === null ? rtn : yield* sdkp.eh_action(scmd, rtn);
}

/**
 * The device is reset, and asked whether it is ready. (Resets of target, bus and host, which come
 * when that fails, fail in the model as the first one did, so the device goes offline.)
 * Kernel: scsi_eh_ready_devs(), all versions.
 */
const scsi_eh_ready_devs = kfn('scsi_eh_ready_devs', function* (scmd: scsi_cmnd): Steps<void> {
  const { device } = scmd;
  if (!device.nexus.resetFails) {
    const online = isOnline(yield* READ_ONCE(device, 'sdev_state'));
    if ((!online || (yield* scsi_eh_tur(device))) && (yield* scsi_eh_action(scmd, 'SUCCESS')) !== 'FAILED') return;
  }
  dev_info(device, 'Device offlined - not ready after error recovery');
  yield* set_state_locked(device, SDEV_OFFLINE);
});

/** Tries the command again, or ends it. Kernel: scsi_eh_flush_done_q(), all versions. */
const scsi_eh_flush_done_q = kfn('scsi_eh_flush_done_q', function* (scmd: scsi_cmnd): Steps<void> {
  const online = isOnline(yield* READ_ONCE(scmd.device, 'sdev_state'));
  if (online && !scsi_noretry_cmd(scmd) && scsi_cmd_retry_allowed(scmd)) {
    yield* __scsi_queue_insert(scmd, true);
    yield* blk_mq_kick_requeue_list(scmd.device.request_queue);
    return;
  }
  if (scmd.result === 0) scmd.result = code.DID_TIME_OUT << 16;
  yield* scsi_finish_command(scmd);
});

/** The host's commands that wait for recovery, taken off its list. */
function* take_failed(shost: Scsi_Host): Steps<readonly scsi_cmnd[]> {
  const taken: scsi_cmnd[] = [];
  yield* spin_lock_irqsave(shost.host_lock);
  for (;;) {
    const scmd = yield* list_first_entry_or_null(shost.eh_cmd_q);
    if (scmd === null) break;
    yield* list_del_init(scmd.eh_entry);
    taken.push(scmd);
  }
  yield* spin_unlock_irqrestore(shost.host_lock);
  return taken;
}

/** The host takes commands again. Kernel: scsi_restart_operations(), all versions. */
const scsi_restart_operations = kfn('scsi_restart_operations', function* (shost: Scsi_Host): Steps<void> {
  yield* spin_lock_irqsave(shost.host_lock);
  if (
    (yield* scsi_host_set_state(shost, SHOST_RUNNING)) !== 0 &&
    (yield* scsi_host_set_state(shost, SHOST_CANCEL)) !== 0
  ) {
    yield* scsi_host_set_state(shost, SHOST_DEL);
  }
  yield* spin_unlock_irqrestore(shost.host_lock);
  yield* wake_up(shost.host_wait);
  for (const sdev of yield* devices_of(shost)) {
    yield* blk_mq_kick_requeue_list(sdev.request_queue);
    yield* blk_mq_run_hw_queues_async(sdev.request_queue);
  }
});

/** Kernel: scsi_unjam_host(), all versions. Every command is looked at once, then all are flushed. */
const scsi_unjam_host = kfn('scsi_unjam_host', function* (shost: Scsi_Host): Steps<void> {
  const failed = yield* take_failed(shost);
  for (const scmd of failed) yield* scsi_eh_ready_devs(scmd);
  for (const scmd of failed) yield* scsi_eh_flush_done_q(scmd);
});

/** Kernel: scsi_error_handler(), all versions: works when every command of the host has failed or ended. */
function* scsi_error_handler(shost: Scsi_Host): Steps<void> {
  const task = current();
  const enabled = (): boolean => shost.host_failed > 0 && shost.host_failed === shost.host_busy;
  for (;;) {
    yield makeStep('scsi_eh_wakeup', shost, 'host_failed', 'update', {
      ordering: 'full',
      rest: [],
      enabled,
      also: [{ object: shost, field: 'host_busy', access: 'read' }],
    });
    task.busy = true;
    yield* scsi_unjam_host(shost);
    yield makeStep('scsi_eh_done', shost, 'host_failed', 'update', { ordering: 'full' });
    shost.host_failed = 0;
    yield* scsi_restart_operations(shost);
    task.busy = false;
  }
}

/** Starts `scsi_eh_N`. */
export const start_error_handler = (shost: Scsi_Host): void => {
  currentMachine().spawn(`scsi_eh_${String(shost.host_no)}`, () => scsi_error_handler(shost), {
    kind: 'kworker',
    service: true,
    subject: shost,
  });
};
