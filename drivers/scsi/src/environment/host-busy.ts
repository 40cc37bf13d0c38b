// SPDX-License-Identifier: GPL-2.0-only
import { makeStep, type StepOptions, type Steps } from '@libmultipath/driver-kit';
import { put_token } from './budget.js';
import type { scsi_device } from './scsi-device.js';
import type { Scsi_Host } from './scsi-host.js';

const FULL: StepOptions = { ordering: 'full' };

/** Part of scsi_host_queue_ready(): the command is in flight. The host takes as many as come. */
export function* scsi_inc_host_busy(shost: Scsi_Host): Steps<void> {
  yield makeStep('scsi_inc_host_busy', shost, 'host_busy', 'add', FULL);
  shost.host_busy++;
}

/** Kernel: scsi_dec_host_busy(). The error handler may have waited for it. */
export function* scsi_dec_host_busy(shost: Scsi_Host): Steps<void> {
  yield makeStep('scsi_dec_host_busy', shost, 'host_busy', 'add', FULL);
  shost.host_busy--;
}

/** Kernel: scsi_device_unbusy(), all versions. Context: any. */
export function* scsi_device_unbusy(sdev: scsi_device): Steps<void> {
  yield* scsi_dec_host_busy(sdev.host);
  yield* put_token(sdev);
}
