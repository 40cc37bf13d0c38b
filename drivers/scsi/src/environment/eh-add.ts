// SPDX-License-Identifier: GPL-2.0-only
import {
  kfn,
  list_add_tail,
  load,
  makeStep,
  spin_lock_irqsave,
  spin_unlock_irqrestore,
  type Steps,
} from '@libmultipath/driver-kit';
import { SHOST_CANCEL_RECOVERY, SHOST_RECOVERY } from './host-states.js';
import type { scsi_cmnd } from './scsi-cmnd.js';
import { scsi_host_set_state } from './scsi-host.js';

/**
 * The command waits for the host's error handler, and with it the host: nothing new is sent from now on.
 * (The kernel counts it a grace period later; the handler waits for all commands in any case.)
 * Kernel: scsi_eh_scmd_add(), all versions. Context: any.
 */
export const scsi_eh_scmd_add = kfn('scsi_eh_scmd_add', function* (scmd: scsi_cmnd): Steps<void> {
  const { host } = scmd.device;
  yield* spin_lock_irqsave(host.host_lock);
  if ((yield* scsi_host_set_state(host, SHOST_RECOVERY)) !== 0) yield* scsi_host_set_state(host, SHOST_CANCEL_RECOVERY);
  const sdkp = scmd.isPassthrough ? null : yield* load(scmd.device, 'sdkp');
  if (sdkp !== null) yield* sdkp.eh_reset();
  yield* list_add_tail(scmd.eh_entry, host.eh_cmd_q);
  yield* spin_unlock_irqrestore(host.host_lock);
  yield makeStep('scsi_eh_inc_host_failed', host, 'host_failed', 'update', { ordering: 'full' });
  host.host_failed++;
});
