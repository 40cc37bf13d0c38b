// SPDX-License-Identifier: GPL-2.0-only
import { complete, HZ, kfn, queue_delayed_work, type Steps } from '@libmultipath/driver-kit';
import { countsOf } from './command-counts.js';
import { claim } from './complete.js';
import { scsi_cmd_retry_allowed, scsi_noretry_cmd } from './decide.js';
import { scsi_eh_scmd_add } from './eh-add.js';
import { scsi_finish_command } from './io-completion.js';
import { __scsi_queue_insert } from './requeue.js';
import type { scsi_cmnd } from './scsi-cmnd.js';
import { DID_TIME_OUT, with_host_byte } from './status-codes.js';

/** Between the timeout and the abort. */
const ABORT_DELAY_JIFFIES = Math.floor(HZ / 100);

const timedOut = (scmd: scsi_cmnd): void => {
  scmd.result = with_host_byte(scmd.result, DID_TIME_OUT);
};

/**
 * The device forgets the command, and it is tried again or fails; or the error handler takes over.
 * Kernel: scmd_eh_abort_handler(), all versions. Context: may sleep.
 */
const scmd_eh_abort_handler = kfn('scmd_eh_abort_handler', function* (scmd: scsi_cmnd): Steps<void> {
  if (scmd.device.nexus.abortFails) {
    yield* scsi_eh_scmd_add(scmd);
    return;
  }
  timedOut(scmd);
  if (!scsi_noretry_cmd(scmd) && scsi_cmd_retry_allowed(scmd)) yield* __scsi_queue_insert(scmd, true);
  else yield* scsi_finish_command(scmd);
});

/**
 * One abort is tried; a command whose second attempt times out too goes to the error handler.
 * Kernel: scsi_timeout() with scsi_abort_command(), all versions. Context: atomic.
 */
export const scsi_timeout = kfn('scsi_timeout', function* (scmd: scsi_cmnd): Steps<void> {
  countsOf(scmd.device).timeouts++;
  if (!(yield* claim('SCMD_STATE_COMPLETE', scmd))) return;
  if (scmd.submittedByEh) {
    timedOut(scmd);
    if (scmd.waiting !== null) yield* complete(scmd.waiting);
    return;
  }
  if (scmd.abortScheduled) {
    timedOut(scmd);
    yield* scsi_eh_scmd_add(scmd);
    return;
  }
  scmd.abortScheduled = true;
  const work = scmd.makeAbortWork(() => scmd_eh_abort_handler(scmd));
  yield* queue_delayed_work(scmd.device.host.tmf_work_q, work, ABORT_DELAY_JIFFIES);
});
