// SPDX-License-Identifier: GPL-2.0-only
import { E, kfn, load, mutex_lock, mutex_unlock, READ_ONCE, type Steps } from '@libmultipath/driver-kit';
import { SDEV_RUNNING } from './device-states.js';
import type { scsi_device } from './scsi-device.js';
import { sd_revalidate_disk } from './sd/read-capacity.js';
import { scsi_attach_vpd } from './vpd-fetch.js';

/**
 * The pages are read again, the handler looks at its group, the driver at the size. The INQUIRY data is not
 * read again.
 * Kernel: scsi_rescan_device(), all versions; `sdev_state` is not looked at in 6.1. Context: may sleep.
 * @returns 0, or -EWOULDBLOCK for a device that is not running
 */
export const scsi_rescan_device = kfn('scsi_rescan_device', function* (sdev: scsi_device): Steps<number> {
  yield* mutex_lock(sdev.device_mutex);
  const running = (yield* READ_ONCE(sdev, 'sdev_state')) === SDEV_RUNNING;
  if (running) {
    yield* scsi_attach_vpd(sdev);
    const handler = yield* load(sdev, 'handler');
    if (handler !== null) yield* handler.rescan(sdev);
    const sdkp = yield* load(sdev, 'sdkp');
    if (sdkp !== null) yield* sd_revalidate_disk(sdkp);
  }
  yield* mutex_unlock(sdev.device_mutex);
  return running ? 0 : -E.EWOULDBLOCK;
});
