// SPDX-License-Identifier: GPL-2.0-only
import { E, kfn, READ_ONCE, wait_event, type gendisk, type Steps } from '@libmultipath/driver-kit';
import { scsi_device_get, scsi_device_put } from '../device-reference.js';
import { isOnline } from '../device-states.js';
import { isInRecovery } from '../host-states.js';
import type { scsi_device } from '../scsi-device.js';

/**
 * Waits while the host recovers. Kernel: scsi_block_when_processing_errors(), all versions. Context: may sleep.
 * @returns false: the device is offline
 */
export const scsi_block_when_processing_errors = kfn(
  'scsi_block_when_processing_errors',
  function* (sdev: scsi_device): Steps<boolean> {
    const { host } = sdev;
    yield* wait_event(host.host_wait, { object: host, field: 'shost_state' }, () => !isInRecovery(host.shost_state));
    return isOnline(yield* READ_ONCE(sdev, 'sdev_state'));
  },
);

/** Kernel: sd_open(), all versions. Context: may sleep. @returns 0, or -ENXIO: going, or offline */
export const sd_open = kfn('sd_open', function* (sdev: scsi_device): Steps<number> {
  if ((yield* scsi_device_get(sdev)) !== 0) return -E.ENXIO;
  if (yield* scsi_block_when_processing_errors(sdev)) return 0;
  yield* scsi_device_put(sdev);
  return -E.ENXIO;
});

/** Kernel: sd_release(), all versions. */
export const sd_release = kfn('sd_release', function* (sdev: scsi_device, _disk: gendisk): Steps<void> {
  yield* scsi_device_put(sdev);
});
