// SPDX-License-Identifier: GPL-2.0-only

/** Host bytes. */
export const DID_OK = 0x00;
export const DID_NO_CONNECT = 0x01;
export const DID_BUS_BUSY = 0x02;
export const DID_TIME_OUT = 0x03;
export const DID_BAD_TARGET = 0x04;
export const DID_ABORT = 0x05;
export const DID_PARITY = 0x06;
export const DID_ERROR = 0x07;
export const DID_RESET = 0x08;
export const DID_BAD_INTR = 0x09;
export const DID_PASSTHROUGH = 0x0a;
export const DID_SOFT_ERROR = 0x0b;
export const DID_IMM_RETRY = 0x0c;
export const DID_REQUEUE = 0x0d;
export const DID_TRANSPORT_DISRUPTED = 0x0e;
export const DID_TRANSPORT_FAILFAST = 0x0f;
export const DID_TRANSPORT_MARGINAL = 0x14;

/** Status bytes. */
export const SAM_STAT_GOOD = 0x00;
export const SAM_STAT_CHECK_CONDITION = 0x02;
export const SAM_STAT_CONDITION_MET = 0x04;
export const SAM_STAT_BUSY = 0x08;
export const SAM_STAT_INTERMEDIATE = 0x10;
export const SAM_STAT_INTERMEDIATE_CONDITION_MET = 0x14;
export const SAM_STAT_RESERVATION_CONFLICT = 0x18;
export const SAM_STAT_COMMAND_TERMINATED = 0x22;
export const SAM_STAT_TASK_SET_FULL = 0x28;
export const SAM_STAT_ACA_ACTIVE = 0x30;
export const SAM_STAT_TASK_ABORTED = 0x40;

/** The midlayer's own byte of the result: what it found out from sense and status. */
export const SCSIML_STAT_OK = 0x00;
export const SCSIML_STAT_RESV_CONFLICT = 0x01;
export const SCSIML_STAT_NOSPC = 0x02;
export const SCSIML_STAT_MED_ERROR = 0x03;
export const SCSIML_STAT_TGT_FAILURE = 0x04;
export const SCSIML_STAT_DL_TIMEOUT = 0x05;

/** Sense keys. */
export const NO_SENSE = 0x00;
export const RECOVERED_ERROR = 0x01;
export const NOT_READY = 0x02;
export const MEDIUM_ERROR = 0x03;
export const HARDWARE_ERROR = 0x04;
export const ILLEGAL_REQUEST = 0x05;
export const UNIT_ATTENTION = 0x06;
export const DATA_PROTECT = 0x07;
export const BLANK_CHECK = 0x08;
export const COPY_ABORTED = 0x0a;
export const ABORTED_COMMAND = 0x0b;
export const VOLUME_OVERFLOW = 0x0d;
export const MISCOMPARE = 0x0e;
export const COMPLETED = 0x0f;

/** Kernel: host_byte(). */
export const host_byte = (result: number): number => (result >>> 16) & 0xff;
/** Kernel: get_status_byte(), without the obsolete mask. */
export const status_byte = (result: number): number => result & 0xff;
/** Kernel: scsi_ml_byte(). */
export const scsi_ml_byte = (result: number): number => (result >>> 8) & 0xff;
/** Kernel: set_host_byte(), as a value. */
export const with_host_byte = (result: number, byte: number): number => (result & 0xff00ffff) | (byte << 16);
/** Kernel: set_scsi_ml_byte(), as a value. */
export const with_ml_byte = (result: number, byte: number): number => (result & 0xffff00ff) | (byte << 8);

/** Kernel: scsi_status_is_good(). */
export const scsi_status_is_good = (result: number): boolean => {
  if (host_byte(result) === DID_NO_CONNECT) return false;
  const status = result & 0xfe;
  return (
    status === SAM_STAT_GOOD ||
    status === SAM_STAT_CONDITION_MET ||
    status === SAM_STAT_INTERMEDIATE ||
    status === SAM_STAT_INTERMEDIATE_CONDITION_MET ||
    status === SAM_STAT_COMMAND_TERMINATED
  );
};

/** Kernel: scsi_status_is_check_condition(). */
export const scsi_status_is_check_condition = (result: number): boolean => (result & 0xfe) === SAM_STAT_CHECK_CONDITION;
