// SPDX-License-Identifier: GPL-2.0-only

/** Kernel: enum scsi_disposition, by name. */
export type scsi_disposition =
  | 'SUCCESS'
  | 'NEEDS_RETRY'
  | 'ADD_TO_MLQUEUE'
  | 'FAILED'
  /** Of v1 of the posted series alone: 0x2010. */
  | 'FAILOVER'
  | 'FAST_IO_FAIL'
  | 'SCSI_RETURN_NOT_HANDLED';
