// SPDX-License-Identifier: GPL-2.0-only
import { E, kfn, type block_device, type Steps } from '@libmultipath/driver-kit';
import { scsi_execute_cmd } from '../execute.js';
import { testUnitReady } from '../opcodes.js';
import type { scsi_device } from '../scsi-device.js';
import { scsi_block_when_processing_errors } from './sd-open.js';

/** Asks the device whether it is ready. Any other command of sd is refused, as one that nobody knows. */
export const SCSI_IOCTL_TEST_UNIT_READY = 2;

const TIMEOUT_S = 10;
const NORMAL_RETRIES = 5;

/**
 * Kernel: sd_ioctl() with scsi_ioctl(), of one command. Context: may sleep.
 * @returns what the command came to (0, or above 0 an error of the device), -ENODEV offline, -ENOTTY
 */
export const sd_ioctl = kfn(
  'sd_ioctl',
  function* (sdev: scsi_device, _bdev: block_device, _mode: number, cmd: number): Steps<number> {
    if (!(yield* scsi_block_when_processing_errors(sdev))) return -E.ENODEV;
    if (cmd !== SCSI_IOCTL_TEST_UNIT_READY) return -E.ENOTTY;
    return (yield* scsi_execute_cmd(sdev, testUnitReady, { timeoutS: TIMEOUT_S, retries: NORMAL_RETRIES })).result;
  },
);
