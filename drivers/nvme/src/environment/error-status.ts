// SPDX-License-Identifier: GPL-2.0-only
import {
  BLK_STS_IOERR,
  BLK_STS_MEDIUM,
  BLK_STS_NOSPC,
  BLK_STS_NOTSUPP,
  BLK_STS_OK,
  BLK_STS_PROTECTION,
  BLK_STS_RESV_CONFLICT,
  BLK_STS_TARGET,
  BLK_STS_TRANSPORT,
  BLK_STS_ZONE_OPEN_RESOURCE,
  type blk_status_t,
} from '@libmultipath/driver-kit';
import * as sc from './constants.js';

const table = new Map<number, blk_status_t>([
  [sc.NVME_SC_SUCCESS, BLK_STS_OK],
  [sc.NVME_SC_CAP_EXCEEDED, BLK_STS_NOSPC],
  [sc.NVME_SC_LBA_RANGE, BLK_STS_TARGET],
  [sc.NVME_SC_CMD_INTERRUPTED, BLK_STS_TARGET],
  [sc.NVME_SC_NS_NOT_READY, BLK_STS_TARGET],
  [sc.NVME_SC_BAD_ATTRIBUTES, BLK_STS_NOTSUPP],
  [sc.NVME_SC_INVALID_OPCODE, BLK_STS_NOTSUPP],
  [sc.NVME_SC_INVALID_FIELD, BLK_STS_NOTSUPP],
  [sc.NVME_SC_INVALID_NS, BLK_STS_NOTSUPP],
  [sc.NVME_SC_WRITE_FAULT, BLK_STS_MEDIUM],
  [sc.NVME_SC_READ_ERROR, BLK_STS_MEDIUM],
  [sc.NVME_SC_UNWRITTEN_BLOCK, BLK_STS_MEDIUM],
  [sc.NVME_SC_ACCESS_DENIED, BLK_STS_MEDIUM],
  [sc.NVME_SC_READ_ONLY, BLK_STS_MEDIUM],
  [sc.NVME_SC_COMPARE_FAILED, BLK_STS_MEDIUM],
  [sc.NVME_SC_GUARD_CHECK, BLK_STS_PROTECTION],
  [sc.NVME_SC_APPTAG_CHECK, BLK_STS_PROTECTION],
  [sc.NVME_SC_REFTAG_CHECK, BLK_STS_PROTECTION],
  [sc.NVME_SC_INVALID_PI, BLK_STS_PROTECTION],
  [sc.NVME_SC_RESERVATION_CONFLICT, BLK_STS_RESV_CONFLICT],
  [sc.NVME_SC_HOST_PATH_ERROR, BLK_STS_TRANSPORT],
  [sc.NVME_SC_ZONE_TOO_MANY_OPEN, BLK_STS_ZONE_OPEN_RESOURCE],
]);

/**
 * Of the path errors only the host's own has a status of its own; the others are EIO. (Too many active
 * zones have one in the kernel that the block layer here lacks.) Kernel: nvme_error_status(), all versions. Pure.
 */
export const nvme_error_status = (status: number): blk_status_t =>
  table.get(status & sc.NVME_SCT_SC_MASK) ?? BLK_STS_IOERR;

/** Kernel: nvme_is_path_error(): status code type 3. */
export const nvme_is_path_error = (status: number): boolean => (status & 0x700) === 0x300;

/** Kernel: nvme_is_ana_error(). Pure. */
export const nvme_is_ana_error = (status: number): boolean => {
  const code = status & sc.NVME_SCT_SC_MASK;
  return (
    code === sc.NVME_SC_ANA_TRANSITION ||
    code === sc.NVME_SC_ANA_INACCESSIBLE ||
    code === sc.NVME_SC_ANA_PERSISTENT_LOSS
  );
};
