// SPDX-License-Identifier: GPL-2.0-only
import type { scsi_device } from './scsi-device.js';

/** Kernel: iorequest_cnt, iodone_cnt, ioerr_cnt and iotmo_cnt of struct scsi_device. */
export interface CommandCounts {
  requests: number;
  done: number;
  errors: number;
  timeouts: number;
}

/** Beside the device, not in it: nothing decides by them, so that states that differ in them alone are one. */
const counts = new WeakMap<scsi_device, CommandCounts>();

/** Commands of a device since it came: sent, answered, answered with an error, timed out. */
export const countsOf = (sdev: scsi_device): CommandCounts => {
  const known = counts.get(sdev) ?? { requests: 0, done: 0, errors: 0, timeouts: 0 };
  counts.set(sdev, known);
  return known;
};
