// SPDX-License-Identifier: GPL-2.0-only
import { dev_warn } from '@libmultipath/driver-kit';
import type { scsi_device } from './scsi-device.js';
import { UNIT_ATTENTION } from './status-codes.js';
import type { scsi_sense_hdr } from './sense.js';

const lunsChanged =
  'LUN assignments on this target have changed. The Linux SCSI layer does not automatically remap LUN assignments.';
const otherChanged =
  'Operating parameters on this target have changed. The Linux SCSI layer does not automatically adjust these ' +
  'parameters.';

/** What is printed for a unit attention. */
const messages = ({ asc, ascq }: scsi_sense_hdr): string | undefined => {
  if (asc === 0x3f && ascq === 0x03) return 'Inquiry data has changed';
  if (asc === 0x3f) return ascq === 0x0e ? lunsChanged : otherChanged;
  if (asc === 0x29) return 'Power-on or device reset occurred';
  if (asc !== 0x2a) return undefined;
  const of2a: Readonly<Record<number, string>> = {
    0x01: 'Mode parameters changed',
    0x06: 'Asymmetric access state changed',
    0x09: 'Capacity data has changed',
  };
  return of2a[ascq] ?? 'Parameters changed';
};

/**
 * Unit attentions are logged. (The uevents that follow are not modelled.)
 * Kernel: scsi_report_sense(), all versions. No step.
 */
export const scsi_report_sense = (sdev: scsi_device, sshdr: scsi_sense_hdr): void => {
  if (sshdr.sense_key !== UNIT_ATTENTION) return;
  if (sshdr.asc === 0x3f && sshdr.ascq === 0x0e) sdev.sdev_target.expecting_lun_change = true;
  const message = messages(sshdr);
  if (message !== undefined) dev_warn(sdev, message);
};
