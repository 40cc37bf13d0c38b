// SPDX-License-Identifier: GPL-2.0-only
import { E } from '@libmultipath/driver-kit';
import {
  NVME_SC_BAD_ATTRIBUTES,
  NVME_SC_INVALID_FIELD,
  NVME_SC_INVALID_NS,
  NVME_SC_INVALID_OPCODE,
  NVME_SC_RESERVATION_CONFLICT,
  NVME_SC_SUCCESS,
} from '../environment/constants.js';
import { nvme_is_path_error } from '../environment/error-status.js';

/** Kernel: enum pr_status. */
export const PR_STS_IOERR = 0x2;
export const PR_STS_RESERVATION_CONFLICT = 0x18;
export const PR_STS_PATH_FAILED = 0x1_0000;

const STATUS_CODE = 0x7ff;

/** Kernel: nvme_status_to_pr_err(), 6.12 to 7.3. Pure. */
export const nvme_status_to_pr_err = (status: number): number => {
  if (nvme_is_path_error(status)) return PR_STS_PATH_FAILED;
  switch (status & STATUS_CODE) {
    case NVME_SC_SUCCESS:
      return 0;
    case NVME_SC_RESERVATION_CONFLICT:
      return PR_STS_RESERVATION_CONFLICT;
    case NVME_SC_BAD_ATTRIBUTES:
    case NVME_SC_INVALID_OPCODE:
    case NVME_SC_INVALID_FIELD:
    case NVME_SC_INVALID_NS:
      return -E.EINVAL;
    default:
      return PR_STS_IOERR;
  }
};
