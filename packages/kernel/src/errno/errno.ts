// SPDX-License-Identifier: GPL-2.0-only

/** Error numbers of the kernel that the model uses; functions return them negated. */
export const E = {
  EPERM: 1,
  ENOENT: 2,
  EINTR: 4,
  EIO: 5,
  ENXIO: 6,
  EAGAIN: 11,
  EWOULDBLOCK: 11,
  ENOMEM: 12,
  EACCES: 13,
  EFAULT: 14,
  EBUSY: 16,
  EEXIST: 17,
  ENODEV: 19,
  ENOTDIR: 20,
  EINVAL: 22,
  ENOTTY: 25,
  ENOSPC: 28,
  EROFS: 30,
  ERANGE: 34,
  EBADE: 52,
  ENODATA: 61,
  ETIME: 62,
  ENOLINK: 67,
  EILSEQ: 84,
  EOPNOTSUPP: 95,
  ENETRESET: 102,
  ETOOMANYREFS: 109,
  ETIMEDOUT: 110,
  EALREADY: 114,
  ESTALE: 116,
  EREMOTEIO: 121,
  ENOMEDIUM: 123,
  /** Never seen by a program: the caller makes ENOTTY of it. */
  ENOIOCTLCMD: 515,
  /** Never seen by a program: the completion comes later. */
  EIOCBQUEUED: 529,
} as const;

const names = new Map<number, string>();
for (const [name, number] of Object.entries(E)) if (!names.has(number)) names.set(number, name);

/** `EIO` for 5 and for -5; the number in digits when the model has no such error. */
export const errno_name = (n: number): string => names.get(Math.abs(n)) ?? String(Math.abs(n));
