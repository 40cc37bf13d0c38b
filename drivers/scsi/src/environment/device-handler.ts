// SPDX-License-Identifier: GPL-2.0-only
import type { blk_status_t, KObject, module, Steps } from '@libmultipath/driver-kit';
import type { scsi_disposition } from './disposition.js';
import type { scsi_cmnd } from './scsi-cmnd.js';
import type { scsi_device } from './scsi-device.js';
import type { scsi_sense_hdr } from './sense.js';

/** Results of a handler's functions. */
export const SCSI_DH_OK = 0;
export const SCSI_DH_DEV_FAILED = 1;
export const SCSI_DH_DEV_TEMP_BUSY = 2;
export const SCSI_DH_DEV_UNSUPP = 3;
export const SCSI_DH_NOTCONN = 5;
export const SCSI_DH_IO = 8;
export const SCSI_DH_RETRY = 10;
export const SCSI_DH_IMM_RETRY = 11;
export const SCSI_DH_RES_TEMP_UNAVAIL = 13;
export const SCSI_DH_DEV_OFFLINED = 14;
export const SCSI_DH_NOMEM = 15;
export const SCSI_DH_NOSYS = 16;

/** Kernel: activate_complete. */
export type activate_complete = (error: number) => Steps<void>;

/** Kernel: struct scsi_device_handler. */
export interface scsi_device_handler {
  readonly name: string;
  readonly module: module;
  /** Context: may sleep. @returns SCSI_DH_… */
  readonly attach: (sdev: scsi_device) => Steps<number>;
  /** Context: may sleep. */
  readonly detach: (sdev: scsi_device) => Steps<void>;
  /** Context: may sleep. The callback may run before it returns. */
  readonly activate: (sdev: scsi_device, fn: activate_complete | null) => Steps<number>;
  /** Of each command of the block layer; passthrough is exempt. Context: may not sleep. */
  readonly prep_fn: (sdev: scsi_device, cmd: scsi_cmnd) => Steps<blk_status_t>;
  /** Context: atomic. */
  readonly check_sense: (sdev: scsi_device, sshdr: scsi_sense_hdr) => Steps<scsi_disposition>;
  /** Context: may sleep. */
  readonly rescan: (sdev: scsi_device) => Steps<void>;
  /** @returns 0 or -errno */
  readonly set_params: (sdev: scsi_device, params: readonly string[]) => Steps<number>;
}

/** Whatever a handler keeps of a device. */
export type handler_data = KObject;
