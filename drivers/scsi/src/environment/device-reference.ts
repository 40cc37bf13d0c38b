// SPDX-License-Identifier: GPL-2.0-only
import { E, get_device, kfn, put_device, READ_ONCE, type Steps } from '@libmultipath/driver-kit';
import { SDEV_CANCEL, SDEV_DEL } from './device-states.js';
import type { scsi_device } from './scsi-device.js';

/**
 * Kernel: scsi_device_get(), all versions; the host driver's module reference is not modelled. Context: any.
 * @returns 0, or -ENXIO: the device is going
 */
export const scsi_device_get = kfn('scsi_device_get', function* (sdev: scsi_device): Steps<number> {
  const state = yield* READ_ONCE(sdev, 'sdev_state');
  if (state === SDEV_DEL || state === SDEV_CANCEL) return -E.ENXIO;
  yield* get_device(sdev.sdev_gendev);
  return 0;
});

/** Kernel: scsi_device_put(). Context: may sleep for the last reference. */
export const scsi_device_put = (sdev: scsi_device): Steps<void> => put_device(sdev.sdev_gendev);
