// SPDX-License-Identifier: GPL-2.0-only
import {
  BLK_STS_MEDIUM,
  BLK_STS_NOSPC,
  BLK_STS_NOTSUPP,
  BLK_STS_PROTECTION,
  BLK_STS_RESV_CONFLICT,
  BLK_STS_TARGET,
  type blk_status_t,
} from '@libmultipath/kernel';

const notOfPath: readonly blk_status_t[] = [
  BLK_STS_NOTSUPP,
  BLK_STS_NOSPC,
  BLK_STS_TARGET,
  BLK_STS_RESV_CONFLICT,
  BLK_STS_MEDIUM,
  BLK_STS_PROTECTION,
];

/**
 * May another path do better? Everything that does not say otherwise, success too, which nobody asks
 * about. Kernel: blk_path_error(), all versions.
 */
export const blk_path_error = (status: blk_status_t): boolean => !notOfPath.includes(status);
