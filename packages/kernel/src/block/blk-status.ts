// SPDX-License-Identifier: GPL-2.0-only
import { E } from '../errno/errno.js';

export const BLK_STS_OK = 'BLK_STS_OK';
export const BLK_STS_IOERR = 'BLK_STS_IOERR';
export const BLK_STS_AGAIN = 'BLK_STS_AGAIN';
export const BLK_STS_TRANSPORT = 'BLK_STS_TRANSPORT';
export const BLK_STS_TARGET = 'BLK_STS_TARGET';
export const BLK_STS_RESV_CONFLICT = 'BLK_STS_RESV_CONFLICT';
export const BLK_STS_MEDIUM = 'BLK_STS_MEDIUM';
export const BLK_STS_RESOURCE = 'BLK_STS_RESOURCE';
export const BLK_STS_NOTSUPP = 'BLK_STS_NOTSUPP';
export const BLK_STS_NOSPC = 'BLK_STS_NOSPC';
export const BLK_STS_PROTECTION = 'BLK_STS_PROTECTION';
export const BLK_STS_TIMEOUT = 'BLK_STS_TIMEOUT';
export const BLK_STS_DEV_RESOURCE = 'BLK_STS_DEV_RESOURCE';
export const BLK_STS_OFFLINE = 'BLK_STS_OFFLINE';
export const BLK_STS_ZONE_OPEN_RESOURCE = 'BLK_STS_ZONE_OPEN_RESOURCE';
export const BLK_STS_DURATION_LIMIT = 'BLK_STS_DURATION_LIMIT';
export const BLK_STS_INVAL = 'BLK_STS_INVAL';

/** Errno of each status, in the order in which the kernel looks a number up (`blk_errors[]`). */
const ERRNO = {
  BLK_STS_OK: 0,
  BLK_STS_NOTSUPP: -E.EOPNOTSUPP,
  BLK_STS_TIMEOUT: -E.ETIMEDOUT,
  BLK_STS_NOSPC: -E.ENOSPC,
  BLK_STS_TRANSPORT: -E.ENOLINK,
  BLK_STS_TARGET: -E.EREMOTEIO,
  BLK_STS_RESV_CONFLICT: -E.EBADE,
  BLK_STS_MEDIUM: -E.ENODATA,
  BLK_STS_PROTECTION: -E.EILSEQ,
  BLK_STS_RESOURCE: -E.ENOMEM,
  BLK_STS_DEV_RESOURCE: -E.EBUSY,
  BLK_STS_AGAIN: -E.EAGAIN,
  BLK_STS_OFFLINE: -E.ENODEV,
  BLK_STS_ZONE_OPEN_RESOURCE: -E.ETOOMANYREFS,
  BLK_STS_DURATION_LIMIT: -E.ETIME,
  BLK_STS_INVAL: -E.EINVAL,
  BLK_STS_IOERR: -E.EIO,
} as const;

/** Kernel: blk_status_t, by name. */
export type blk_status_t = keyof typeof ERRNO;

/** Kernel: blk_status_to_errno(). Pure. @returns 0 or -errno */
export const blk_status_to_errno = (status: blk_status_t): number => ERRNO[status];

const STATUS = new Map<number, blk_status_t>();
for (const status of Object.keys(ERRNO)) {
  // The keys of a constant object are the names that its type lists.
  const name = status as blk_status_t;
  STATUS.set(ERRNO[name], name);
}

/** Kernel: errno_to_blk_status(). Pure. An errno that no status has becomes BLK_STS_IOERR. */
export const errno_to_blk_status = (errno: number): blk_status_t => STATUS.get(errno) ?? BLK_STS_IOERR;

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
 * about. Kernel: blk_path_error(), all versions. Pure.
 */
export const blk_path_error = (status: blk_status_t): boolean => !notOfPath.includes(status);
